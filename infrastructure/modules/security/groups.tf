# Who may talk to whom inside the VPC. A group admits another group, never an address.

resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:worn by what other modules make (Lambdas, proxy or server, cache), and by a person's CloudShell
  for_each = {
    lambda   = "The Lambdas: nobody calls them through the VPC"
    database = "Where the database is reached: RDS Proxy or the TimescaleDB server"
    cache    = "The cache"
    operator = "The CloudShell of a person, beside the group of the Lambdas: the way out to packages and AWS"
  }

  name        = "${local.name}-${each.key}"
  description = each.value
  vpc_id      = var.vpc_id

  tags = { Name = "${local.name}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  ports = { database = 5432, cache = 6379 }
}

resource "aws_vpc_security_group_ingress_rule" "from_lambda" {
  for_each = local.ports

  description                  = "${each.key} from the Lambdas"
  security_group_id            = aws_security_group.this[each.key].id
  referenced_security_group_id = aws_security_group.this["lambda"].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "to_server" {
  for_each = local.ports

  description                  = "To the ${each.key}"
  security_group_id            = aws_security_group.this["lambda"].id
  referenced_security_group_id = aws_security_group.this[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "to_endpoints" {
  description                  = "AWS by the interface endpoints"
  security_group_id            = aws_security_group.this["lambda"].id
  referenced_security_group_id = var.endpoints_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "to_s3" {
  description       = "S3 by the gateway endpoint"
  security_group_id = aws_security_group.this["lambda"].id
  prefix_list_id    = var.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# A person reaches the database from a CloudShell in the VPC, which wears the Lambdas' group, and this one to install
# Flux's packages. It is worn by nothing that runs by itself.
resource "aws_vpc_security_group_egress_rule" "operator_to_packages" {
  description       = "Packages and AWS, from a person's CloudShell"
  security_group_id = aws_security_group.this["operator"].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
