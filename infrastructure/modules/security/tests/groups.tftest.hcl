mock_provider "aws" {
  source = "./tests"
}

variables {
  environment                 = "prod"
  vpc_id                      = "vpc-0123456789abcdef0"
  endpoints_security_group_id = "sg-0e0e0e0e0e0e0e0e0"
  s3_prefix_list_id           = "pl-6ea54007"
  app_data_bucket_arn         = "arn:aws:s3:::flux-prod-app-data"
  uploads_prefix              = "uploads/"
  redis_url_secret_arn        = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/redis-url-AbCdEf"
  admin_secret_arn            = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c-AbCdEf"
  dead_letter_queue_arn       = "arn:aws:sqs:eu-central-1:111122223333:flux-prod-ingest-dead"
  mail_identity_arn           = "arn:aws:ses:eu-central-1:111122223333:identity/example.com"
  mail_from_address           = "no-reply@example.com"
  permissions_boundary_arn    = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload"
}

override_resource {
  target = aws_kms_key.data
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/data", key_id = "data" }
}

override_resource {
  target = aws_kms_key.logs
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/logs", key_id = "logs" }
}

override_resource {
  target = aws_secretsmanager_secret.this["database/app"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["database/owner"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/owner-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["jwt-keys"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/jwt-keys-AbCdEf" }
}

override_resource {
  target = aws_security_group.this["lambda"]
  values = { id = "sg-0a0a0a0a0a0a0a0a0" }
}

override_resource {
  target = aws_security_group.this["database"]
  values = { id = "sg-0d0d0d0d0d0d0d0d0" }
}

override_resource {
  target = aws_security_group.this["cache"]
  values = { id = "sg-0c0c0c0c0c0c0c0c0" }
}

override_resource {
  target = aws_security_group.this["operator"]
  values = { id = "sg-0f0f0f0f0f0f0f0f0" }
}

run "the_database_and_the_cache_admit_the_lambdas_and_nobody_else" {
  assert {
    condition     = { for k, r in aws_vpc_security_group_ingress_rule.from_lambda : r.security_group_id => "${r.from_port}-${r.to_port}/${r.ip_protocol}" } == { "sg-0d0d0d0d0d0d0d0d0" = "5432-5432/tcp", "sg-0c0c0c0c0c0c0c0c0" = "6379-6379/tcp" }
    error_message = "Database and cache are not open on exactly 5432 and 6379."
  }

  assert {
    condition     = alltrue([for r in aws_vpc_security_group_ingress_rule.from_lambda : r.referenced_security_group_id == "sg-0a0a0a0a0a0a0a0a0" && r.cidr_ipv4 == null && r.cidr_ipv6 == null && r.prefix_list_id == null])
    error_message = "Somebody else than the Lambdas is admitted."
  }

  assert {
    condition     = sum([for f in fileset(path.module, "*.tf") : length(regexall("resource \"aws_vpc_security_group_ingress_rule\"", file("${path.module}/${f}")))]) == 1
    error_message = "There is another rule that lets somebody in."
  }
}

run "the_lambdas_reach_database_cache_and_aws_and_not_the_internet" {
  assert {
    condition     = { for k, r in aws_vpc_security_group_egress_rule.to_server : r.referenced_security_group_id => "${r.from_port}-${r.to_port}" } == { "sg-0d0d0d0d0d0d0d0d0" = "5432-5432", "sg-0c0c0c0c0c0c0c0c0" = "6379-6379" }
    error_message = "The Lambdas do not reach database and cache on exactly 5432 and 6379."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.to_endpoints.referenced_security_group_id == var.endpoints_security_group_id
      && aws_vpc_security_group_egress_rule.to_endpoints.from_port == 443 && aws_vpc_security_group_egress_rule.to_endpoints.to_port == 443
      && aws_vpc_security_group_egress_rule.to_s3.prefix_list_id == var.s3_prefix_list_id
      && aws_vpc_security_group_egress_rule.to_s3.from_port == 443 && aws_vpc_security_group_egress_rule.to_s3.to_port == 443
    )
    error_message = "The Lambdas reach AWS by something else than the endpoints on 443."
  }

  assert {
    condition     = alltrue([for r in concat(values(aws_vpc_security_group_egress_rule.to_server), [aws_vpc_security_group_egress_rule.to_endpoints, aws_vpc_security_group_egress_rule.to_s3]) : r.cidr_ipv4 == null && r.cidr_ipv6 == null])
    error_message = "The Lambdas reach addresses, and not only groups: code that was taken over could carry the sales away."
  }
}

run "nothing_is_open_to_the_world_and_only_a_person_reaches_it_by_443" {
  assert {
    condition     = toset([for f in fileset(path.module, "*.tf") : f if length(regexall("0\\.0\\.0\\.0|::/0|cidr_|aws_security_group_rule", file("${path.module}/${f}"))) > 0]) == toset(["groups.tf"]) && length(regexall("0\\.0\\.0\\.0|::/0|cidr_|aws_security_group_rule", file("${path.module}/groups.tf"))) == 2
    error_message = "Another rule than the operator's names an address."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.operator_to_packages.security_group_id == "sg-0f0f0f0f0f0f0f0f0"
      && aws_vpc_security_group_egress_rule.operator_to_packages.from_port == 443 && aws_vpc_security_group_egress_rule.operator_to_packages.to_port == 443
      && aws_vpc_security_group_egress_rule.operator_to_packages.ip_protocol == "tcp"
    )
    error_message = "A person's shell reaches the internet by another port than 443, or the rule is another group's."
  }

  assert {
    condition     = alltrue([for f in fileset(path.module, "*.tf") : length(regexall("(?m)^\\s*(ingress|egress)\\s*[={]", file("${path.module}/${f}"))) == 0])
    error_message = "A group has rules of its own body, which fight with the rule resources."
  }
}

run "a_person_gets_no_way_to_the_database_of_their_own" {
  assert {
    condition     = alltrue([for r in concat(values(aws_vpc_security_group_ingress_rule.from_lambda), values(aws_vpc_security_group_egress_rule.to_server)) : r.security_group_id != "sg-0f0f0f0f0f0f0f0f0" && r.referenced_security_group_id != "sg-0f0f0f0f0f0f0f0f0"])
    error_message = "The operator's group reaches a server, or is admitted by one: the database is for what wears the Lambdas' group."
  }

  assert {
    condition     = output.operator_security_group_id == "sg-0f0f0f0f0f0f0f0f0" && output.operator_security_group_id != output.lambda_security_group_id
    error_message = "The output names another group."
  }
}
