mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/flux/test/vpc-flow-logs" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/flux-test-vpc-flow-logs" }
  }
}

variables {
  environment              = "prod"
  cidr_block               = "10.30.0.0/16"
  availability_zones       = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  logs_kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  permissions_boundary_arn = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload-boundary"
}

run "every_zone_has_a_public_a_private_and_a_database_subnet" {
  assert {
    condition = alltrue([for subnets in [aws_subnet.public, aws_subnet.private, aws_subnet.database] :
      toset([for subnet in subnets : subnet.availability_zone]) == toset(var.availability_zones)
    ])
    error_message = "A tier lacks a subnet in one of the zones."
  }
  assert {
    condition = length(setintersection(
      flatten([for zone in local.zones : cidrsubnets(zone.private, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)]),
      flatten([for zone in local.zones : [zone.public, zone.database]]),
    )) == 0 && length(distinct(flatten([for zone in local.zones : [zone.public, zone.private, zone.database]]))) == 9
    error_message = "Two subnets overlap."
  }
}

run "no_subnet_gives_out_public_addresses" {
  assert {
    condition = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private), values(aws_subnet.database)) :
      subnet.map_public_ip_on_launch == false
    ])
    error_message = "What is started in a subnet gets a public address."
  }
}

run "the_database_subnets_have_no_route_out" {
  assert {
    condition     = length(aws_route_table.database.route) == 0
    error_message = "The route table of the database subnets has a route."
  }
  assert {
    condition = alltrue([for zone, association in aws_route_table_association.database :
      association.route_table_id == aws_route_table.database.id && association.subnet_id == aws_subnet.database[zone].id
    ]) && length(aws_route_table_association.database) == length(var.availability_zones)
    error_message = "A database subnet uses another route table than the one without routes."
  }
  assert {
    condition     = !contains(concat([for route in aws_route.private_nat : route.route_table_id], [aws_route.public_internet.route_table_id]), aws_route_table.database.id)
    error_message = "A route is added to the database subnets' table."
  }
  assert {
    condition     = !contains(aws_vpc_endpoint.s3.route_table_ids, aws_route_table.database.id)
    error_message = "The S3 endpoint gives the database subnets a way out."
  }
}

run "only_the_public_subnets_route_to_the_internet_gateway" {
  assert {
    condition     = aws_route.public_internet.gateway_id == aws_internet_gateway.this.id && aws_route.public_internet.route_table_id == aws_route_table.public.id
    error_message = "The public subnets do not route to the internet gateway."
  }
  assert {
    condition = alltrue([for zone, route in aws_route.private_nat :
      route.gateway_id == null && route.route_table_id == aws_route_table.private[zone].id
    ])
    error_message = "A private subnet routes to the internet gateway."
  }
  assert {
    condition     = length(aws_default_route_table.this.route) == 0
    error_message = "The VPC's default route table has a route."
  }
}

run "prod_has_a_nat_gateway_in_every_zone_and_uses_its_own" {
  assert {
    condition     = toset(keys(aws_nat_gateway.this)) == toset(var.availability_zones)
    error_message = "A zone of prod has no NAT gateway."
  }
  assert {
    condition = alltrue([for zone in var.availability_zones :
      aws_route.private_nat[zone].nat_gateway_id == aws_nat_gateway.this[zone].id && aws_nat_gateway.this[zone].subnet_id == aws_subnet.public[zone].id
    ])
    error_message = "A zone of prod goes out through another zone."
  }
}

run "staging_has_one_nat_gateway_for_all_zones" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"]
    error_message = "Staging pays for more than one NAT gateway, or has none."
  }
  assert {
    condition     = alltrue([for route in aws_route.private_nat : route.nat_gateway_id == aws_nat_gateway.this["eu-central-1a"].id])
    error_message = "A private subnet has no way out."
  }
}

run "dev_has_one_nat_gateway_and_works_with_two_zones" {
  variables {
    environment        = "dev"
    availability_zones = ["eu-central-1a", "eu-central-1b"]
  }
  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-central-1a"] && length(aws_route.private_nat) == 2
    error_message = "Dev pays for more than one NAT gateway, or a private subnet has no way out."
  }
}

run "the_default_security_group_and_the_default_acl_let_nothing_through" {
  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The VPC's default security group has a rule."
  }
  assert {
    condition     = length(aws_default_network_acl.this.ingress) == 0 && length(aws_default_network_acl.this.egress) == 0
    error_message = "The VPC's default network ACL has a rule."
  }
  assert {
    condition     = aws_default_security_group.this.vpc_id == aws_vpc.this.id && aws_default_network_acl.this.default_network_acl_id == aws_vpc.this.default_network_acl_id
    error_message = "They are not those of this VPC."
  }
}

run "every_subnet_has_an_acl_of_its_tier" {
  assert {
    condition = alltrue([
      toset(aws_network_acl.this["public"].subnet_ids) == toset([for subnet in aws_subnet.public : subnet.id]),
      toset(aws_network_acl.this["private"].subnet_ids) == toset([for subnet in aws_subnet.private : subnet.id]),
      toset(aws_network_acl.this["database"].subnet_ids) == toset([for subnet in aws_subnet.database : subnet.id]),
    ])
    error_message = "A subnet is left to the default ACL, which lets nothing through, or to another tier's."
  }
}

run "the_database_acl_admits_only_postgresql_and_only_from_inside" {
  assert {
    condition = alltrue([for rule in aws_network_acl.this["database"].ingress :
      contains(local.database_cidrs, rule.cidr_block) || (contains(local.private_cidrs, rule.cidr_block) && rule.from_port == 5432 && rule.to_port == 5432)
    ])
    error_message = "The database subnets admit another port than 5432 from the private subnets, or another network."
  }
  assert {
    condition     = alltrue([for rule in aws_network_acl.this["database"].egress : contains(concat(local.private_cidrs, local.database_cidrs), rule.cidr_block)])
    error_message = "The database subnets may send to more than the private and the database subnets."
  }
}

run "the_world_is_reached_by_https_only" {
  assert {
    condition = alltrue([for rule in setunion(aws_network_acl.this["public"].egress, aws_network_acl.this["private"].egress) :
      rule.cidr_block != "0.0.0.0/0" || (rule.protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443)
    ])
    error_message = "Something may leave for the internet by another port than 443."
  }
  assert {
    condition = alltrue([for rule in setunion(aws_network_acl.this["public"].ingress, aws_network_acl.this["private"].ingress) :
      rule.cidr_block != "0.0.0.0/0" || rule.protocol == "icmp" || rule.from_port >= 1024
    ])
    error_message = "The internet may reach a well-known port."
  }
}

run "s3_is_reached_by_a_gateway_and_only_buckets_of_this_account_are_written" {
  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-central-1.s3"
    error_message = "There is no gateway endpoint for S3."
  }
  assert {
    condition     = toset(aws_vpc_endpoint.s3.route_table_ids) == toset([for table in aws_route_table.private : table.id])
    error_message = "A private subnet goes to S3 through the NAT gateway, and pays for it."
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_vpc_endpoint.s3.policy).Statement :
      try(statement.Condition.StringEquals["aws:ResourceAccount"], "") == "111122223333" || (
        statement.Action == ["s3:GetObject"] && !contains(flatten([statement.Resource]), "*")
      )
    ])
    error_message = "Through the endpoint, data could be written to a bucket of somebody else."
  }
}

run "secrets_logs_and_mail_are_reached_inside_the_vpc" {
  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["secretsmanager", "logs", "email"])
    error_message = "An interface endpoint is missing."
  }
  assert {
    condition = alltrue([for endpoint in aws_vpc_endpoint.interface :
      endpoint.private_dns_enabled && endpoint.security_group_ids == toset([aws_security_group.endpoints.id])
    ])
    error_message = "An endpoint is not found by the service's own name, or has another security group."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.subnet_ids == toset([for subnet in aws_subnet.private : subnet.id])])
    error_message = "A zone of prod has no interface of an endpoint."
  }
  assert {
    condition = alltrue([for zone, rule in aws_vpc_security_group_ingress_rule.endpoints :
      rule.from_port == 443 && rule.to_port == 443 && rule.cidr_ipv4 == aws_subnet.private[zone].cidr_block
    ])
    error_message = "The endpoints admit more than HTTPS from the private subnets."
  }
}

run "all_traffic_is_logged_for_a_year_in_prod_and_encrypted" {
  assert {
    condition     = aws_flow_log.this.vpc_id == aws_vpc.this.id && aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination == aws_cloudwatch_log_group.flow_logs.arn
    error_message = "The VPC's traffic is not logged, or not all of it."
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.retention_in_days == 365 && aws_cloudwatch_log_group.flow_logs.kms_key_id == var.logs_kms_key_arn
    error_message = "Prod's flow logs are not kept for a year, or not encrypted with our key."
  }
}

run "flow_logs_are_kept_for_a_month_outside_prod" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.retention_in_days == 30 && aws_cloudwatch_log_group.flow_logs.kms_key_id == var.logs_kms_key_arn
    error_message = "Flow logs of staging have no end, or are not encrypted with our key."
  }
}

run "the_flow_logs_role_can_only_write_its_own_log_group" {
  assert {
    condition = jsondecode(aws_iam_role_policy.flow_logs.policy).Statement == [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.flow_logs.arn}:*"
    }]
    error_message = "The role may do more than write flow logs."
  }
  assert {
    condition     = jsondecode(aws_iam_role.flow_logs.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    error_message = "The flow logs of another account could use the role."
  }
  assert {
    condition     = aws_iam_role.flow_logs.permissions_boundary == var.permissions_boundary_arn
    error_message = "The role has no boundary."
  }
}

run "a_public_network_is_refused" {
  command = plan
  variables {
    cidr_block = "52.10.0.0/16"
  }
  expect_failures = [var.cidr_block]
}

run "a_single_zone_is_refused" {
  command = plan
  variables {
    availability_zones = ["eu-central-1a"]
  }
  expect_failures = [var.availability_zones]
}

run "zones_of_two_regions_are_refused" {
  command = plan
  variables {
    availability_zones = ["eu-central-1a", "eu-west-1a"]
  }
  expect_failures = [var.availability_zones]
}

run "an_unknown_environment_is_refused" {
  command = plan
  variables {
    environment = "production"
  }
  expect_failures = [var.environment]
}

run "a_key_or_a_boundary_by_its_name_is_refused" {
  command = plan
  variables {
    logs_kms_key_arn         = "alias/flux"
    permissions_boundary_arn = "boundary"
  }
  expect_failures = [var.logs_kms_key_arn, var.permissions_boundary_arn]
}
