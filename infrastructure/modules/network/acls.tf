# A second wall behind the security groups, and stateless: what goes out by 443 comes back to a high port.
locals {
  world          = "0.0.0.0/0"
  private_cidrs  = [for zone in local.zones : zone.private]
  database_cidrs = [for zone in local.zones : zone.database]

  https      = { protocol = "tcp", from_port = 443, to_port = 443, icmp_type = null, icmp_code = null }
  postgresql = { protocol = "tcp", from_port = 5432, to_port = 5432, icmp_type = null, icmp_code = null }
  high_ports = { protocol = "tcp", from_port = 1024, to_port = 65535, icmp_type = null, icmp_code = null }
  # "Fragmentation needed": without it large packets vanish in silence.
  packet_too_big = { protocol = "icmp", from_port = 0, to_port = 0, icmp_type = 3, icmp_code = 4 }

  acl_rules = {
    public = {
      ingress = concat(
        [for cidr in local.private_cidrs : merge(local.https, { cidr = cidr })],
        [for rule in [local.high_ports, local.packet_too_big] : merge(rule, { cidr = local.world })],
      )
      egress = concat(
        [merge(local.https, { cidr = local.world })],
        [for cidr in local.private_cidrs : merge(local.high_ports, { cidr = cidr })],
      )
    }
    private = {
      ingress = [
        merge(local.https, { cidr = var.cidr_block }),
        merge(local.high_ports, { cidr = local.world }),
        merge(local.packet_too_big, { cidr = local.world }),
      ]
      egress = [
        merge(local.https, { cidr = local.world }),
        merge(local.high_ports, { cidr = var.cidr_block }),
      ]
    }
    # PostgreSQL from the private subnets, and whatever the proxy, the primary and the standby say to each other.
    database = {
      ingress = concat(
        [for cidr in local.private_cidrs : merge(local.postgresql, { cidr = cidr })],
        [for cidr in local.database_cidrs : merge(local.high_ports, { cidr = cidr })],
      )
      egress = [for cidr in concat(local.private_cidrs, local.database_cidrs) : merge(local.high_ports, { cidr = cidr })]
    }
  }

  acl_subnets = {
    public   = aws_subnet.public
    private  = aws_subnet.private
    database = aws_subnet.database
  }
}

resource "aws_network_acl" "this" {
  #checkov:skip=CKV2_AWS_1:each has its tier's subnets, by a local that checkov does not follow from the root
  for_each = local.acl_rules

  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in local.acl_subnets[each.key] : subnet.id]

  dynamic "ingress" {
    for_each = each.value.ingress
    content {
      rule_no    = 100 + ingress.key
      action     = "allow"
      cidr_block = ingress.value.cidr
      protocol   = ingress.value.protocol
      from_port  = ingress.value.from_port
      to_port    = ingress.value.to_port
      icmp_type  = ingress.value.icmp_type
      icmp_code  = ingress.value.icmp_code
    }
  }

  dynamic "egress" {
    for_each = each.value.egress
    content {
      rule_no    = 100 + egress.key
      action     = "allow"
      cidr_block = egress.value.cidr
      protocol   = egress.value.protocol
      from_port  = egress.value.from_port
      to_port    = egress.value.to_port
      icmp_type  = egress.value.icmp_type
      icmp_code  = egress.value.icmp_code
    }
  }

  tags = { Name = "${local.name}-${each.key}" }
}
