mock_provider "aws" {
  source = "./tests"
}

variables {
  environment              = "prod"
  engine                   = "rds"
  size                     = "large"
  storage_gib              = 100
  vpc_id                   = "vpc-0123456789abcdef0"
  database_subnet_ids      = ["subnet-0d1", "subnet-0d2", "subnet-0d3"]
  private_subnet_ids       = ["subnet-0a1", "subnet-0a2", "subnet-0a3"]
  security_group_id        = "sg-0123456789abcdef0"
  kms_key_arn              = "arn:aws:kms:eu-central-1:111122223333:key/data"
  logs_kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/logs"
  app_secret_arn           = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf"
  owner_secret_arn         = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/owner-AbCdEf"
  alarm_topic_arn          = "arn:aws:sns:eu-central-1:111122223333:flux-prod-alarms"
  permissions_boundary_arn = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload"
}

run "rds" {}

run "timescaledb" {
  variables {
    engine = "timescaledb"
  }
}

run "the_application_notices_nothing_but_the_host" {
  assert {
    condition     = keys(run.rds) == keys(run.timescaledb)
    error_message = "One engine has outputs that the other has not."
  }

  assert {
    condition     = alltrue([for engine in [run.rds, run.timescaledb] : engine.port == 5432 && engine.database_name == "flux" && engine.security_group_id == var.security_group_id])
    error_message = "Port, database or group depend on the engine."
  }

  assert {
    condition     = run.rds.host == "flux.proxy-abc.eu-central-1.rds.amazonaws.com" && run.timescaledb.host == "10.0.16.10"
    error_message = "host is not the proxy, or not the server's lasting address."
  }

  assert {
    condition = alltrue([for engine in [run.rds, run.timescaledb] :
      keys(engine.secret_arns) == ["admin", "app", "owner"]
      && engine.secret_arns.app == var.app_secret_arn
      && engine.secret_arns.owner == var.owner_secret_arn
      && startswith(engine.secret_arns.admin, "arn:aws:secretsmanager:")
    ])
    error_message = "An engine does not name the three secrets."
  }

  assert {
    condition     = alltrue([for engine in [run.rds, run.timescaledb] : length(engine.log_group_names) > 0])
    error_message = "An engine does not say where its log goes."
  }
}

run "a_dashboard_finds_the_figures_of_either_engine" {
  assert {
    condition     = alltrue([for engine in [run.rds, run.timescaledb] : { for name, place in engine.metrics : name => place.metric } == { connections = "DatabaseConnections", cpu = "CPUUtilization", storage = "FreeStorageSpace" }])
    error_message = "An engine does not say where its figures are."
  }

  assert {
    condition     = { for name, place in run.rds.metrics : name => "${place.namespace} ${jsonencode(place.dimensions)}" } == { for name in ["connections", "cpu", "storage"] : name => "AWS/RDS {\"DBInstanceIdentifier\":\"flux-prod\"}" }
    error_message = "A dashboard would look for RDS elsewhere."
  }

  assert {
    condition = { for name, place in run.timescaledb.metrics : name => "${place.namespace} ${jsonencode(place.dimensions)}" } == {
      connections = "Flux/Database {\"Server\":\"flux-prod\"}"
      cpu         = "AWS/EC2 {\"InstanceId\":\"i-0123456789abcdef0\"}"
      storage     = "Flux/Database {\"Server\":\"flux-prod\"}"
    }
    error_message = "A dashboard would look for the server elsewhere."
  }
}

run "one_engine_makes_nothing_of_the_other" {
  variables {
    engine = "timescaledb"
  }

  assert {
    condition     = length(aws_db_instance.this) + length(aws_db_proxy.this) + length(aws_db_subnet_group.this) == 0
    error_message = "RDS is paid for beside the TimescaleDB server."
  }
}

run "rds_makes_no_server" {
  assert {
    condition     = length(aws_instance.this) + length(aws_ebs_volume.data) + length(aws_network_interface.this) + length(aws_secretsmanager_secret.admin) == 0
    error_message = "A server is paid for beside RDS."
  }
}

run "the_only_way_in_is_from_the_proxy_and_the_only_address_is_the_servers_way_out" {
  assert {
    condition     = sum([for f in fileset(path.module, "*.tf") : length(regexall("resource \"aws_vpc_security_group_ingress_rule\"", file("${path.module}/${f}")))]) == 1
    error_message = "Beside the proxy's there is another rule that lets somebody in."
  }

  assert {
    condition     = sum([for f in fileset(path.module, "*.tf") : length(regexall("cidr_ipv4|cidr_ipv6|prefix_list_id", file("${path.module}/${f}")))]) == 1
    error_message = "Beside the server's way to its packages there is another rule that names an address."
  }

  assert {
    condition     = alltrue([for f in fileset(path.module, "*.tf") : length(regexall("(?m)aws_security_group_rule|^\\s*(ingress|egress)\\s*[={]", file("${path.module}/${f}"))) == 0])
    error_message = "A group has rules in another form than the rule resources, which these promises look at."
  }
}
