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

run "the_database_is_private_and_only_its_proxy_reaches_it" {
  assert {
    condition     = !aws_db_instance.this[0].publicly_accessible
    error_message = "The instance has a public address."
  }

  assert {
    condition     = toset(aws_db_subnet_group.this[0].subnet_ids) == toset(var.database_subnet_ids)
    error_message = "The instance is not in the isolated subnets."
  }

  assert {
    condition     = aws_db_instance.this[0].vpc_security_group_ids == toset([aws_security_group.this.id])
    error_message = "The instance wears a group that others than its proxy may reach."
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.instance_from_proxy[0].referenced_security_group_id == var.security_group_id
      && aws_vpc_security_group_ingress_rule.instance_from_proxy[0].cidr_ipv4 == null
      && aws_vpc_security_group_ingress_rule.instance_from_proxy[0].from_port == 5432
      && aws_vpc_security_group_ingress_rule.instance_from_proxy[0].to_port == 5432
    )
    error_message = "The instance admits something else than its proxy on 5432."
  }

  assert {
    condition     = aws_db_proxy.this[0].vpc_security_group_ids == toset([var.security_group_id]) && toset(aws_db_proxy.this[0].vpc_subnet_ids) == toset(var.database_subnet_ids)
    error_message = "The proxy is not where the Lambdas look for it."
  }
}

run "disks_secrets_and_insights_are_encrypted_with_our_key" {
  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == var.kms_key_arn
    error_message = "The disk is not encrypted with our key."
  }

  assert {
    condition     = aws_db_instance.this[0].master_user_secret_kms_key_id == var.kms_key_arn && aws_db_instance.this[0].performance_insights_kms_key_id == var.kms_key_arn
    error_message = "The administrator's secret or the insights are not encrypted with our key."
  }
}

run "clients_use_tls_and_scram_or_nothing" {
  assert {
    condition     = aws_db_proxy.this[0].require_tls
    error_message = "The proxy accepts plain text."
  }

  assert {
    condition     = alltrue([for login in aws_db_proxy.this[0].auth : login.client_password_auth_type == "POSTGRES_SCRAM_SHA_256" && login.auth_scheme == "SECRETS"])
    error_message = "The proxy accepts weaker logins than SCRAM."
  }

  assert {
    condition = length(setsubtract(
      ["rds.force_ssl=1", "password_encryption=scram-sha-256"],
      [for p in aws_db_parameter_group.this[0].parameter : "${p.name}=${p.value}"],
    )) == 0
    error_message = "The server accepts plain text or MD5."
  }
}

run "nothing_waits_for_ever" {
  assert {
    condition = alltrue([
      for name in ["statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"] : anytrue([
        for p in aws_db_parameter_group.this[0].parameter : p.name == name && try(tonumber(p.value), 0) > 0 && try(tonumber(p.value), 0) <= 900000
      ])
    ])
    error_message = "A timeout is missing, off (0), or longer than a Lambda lives (15 min)."
  }

  assert {
    condition     = aws_db_proxy_default_target_group.this[0].connection_pool_config[0].connection_borrow_timeout <= 25
    error_message = "The proxy lets a request wait longer than the HTTP API does (30 s)."
  }
}

run "slow_statements_are_counted_and_logged" {
  assert {
    condition = length(setsubtract(
      ["shared_preload_libraries=pg_stat_statements", "log_min_duration_statement=1000", "log_lock_waits=1"],
      [for p in aws_db_parameter_group.this[0].parameter : "${p.name}=${p.value}"],
    )) == 0
    error_message = "Slow statements or waits for locks leave no trace."
  }

  assert {
    condition     = aws_db_instance.this[0].enabled_cloudwatch_logs_exports == toset(["postgresql", "upgrade"])
    error_message = "The server's log does not leave the server."
  }

  assert {
    condition     = aws_db_instance.this[0].monitoring_interval == 60 && aws_db_instance.this[0].monitoring_role_arn == aws_iam_role.monitoring[0].arn
    error_message = "Enhanced monitoring is off."
  }
}

run "the_major_version_is_one_and_never_moves_by_itself" {
  assert {
    condition     = aws_db_instance.this[0].engine == "postgres" && aws_db_instance.this[0].engine_version == "18" && aws_db_parameter_group.this[0].family == "postgres18"
    error_message = "Server and parameter group are not both PostgreSQL 18."
  }

  assert {
    condition     = aws_db_instance.this[0].auto_minor_version_upgrade && !aws_db_instance.this[0].allow_major_version_upgrade
    error_message = "Security fixes do not come, or a major version might."
  }
}

run "prod_is_protected_doubled_and_can_go_back_35_days" {
  assert {
    condition     = aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].delete_automated_backups && !aws_db_instance.this[0].apply_immediately
    error_message = "Production can be deleted, loses its backups with it, or changes at noon."
  }

  assert {
    condition     = aws_db_instance.this[0].multi_az
    error_message = "Production has no standby."
  }

  assert {
    condition     = aws_db_instance.this[0].backup_retention_period == 35
    error_message = "Production cannot go back 35 days."
  }

  assert {
    condition     = aws_db_instance.this[0].database_insights_mode == "advanced" && aws_db_instance.this[0].performance_insights_enabled && aws_db_instance.this[0].performance_insights_retention_period == 465
    error_message = "Production's Database Insights are not advanced, which needs 465 days."
  }
}

run "staging_is_single_and_can_go_back_7_days" {
  variables {
    environment = "staging"
  }

  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].multi_az && aws_db_instance.this[0].backup_retention_period == 7
    error_message = "Staging is not as the table in README.md says."
  }

  assert {
    condition = (
      !aws_db_instance.this[0].publicly_accessible && aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == var.kms_key_arn
      && aws_db_instance.this[0].vpc_security_group_ids == toset([aws_security_group.this.id]) && aws_db_proxy.this[0].require_tls
    )
    error_message = "Staging is less guarded than production."
  }

  assert {
    condition     = aws_db_instance.this[0].database_insights_mode == "standard" && aws_db_instance.this[0].performance_insights_enabled && aws_db_instance.this[0].performance_insights_retention_period == 7
    error_message = "Staging's Database Insights are not the free ones."
  }
}

run "dev_is_single_and_can_go_back_7_days" {
  variables {
    environment = "dev"
  }

  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].multi_az && aws_db_instance.this[0].backup_retention_period == 7
    error_message = "Dev is not as the table in README.md says."
  }

  assert {
    condition = (
      !aws_db_instance.this[0].publicly_accessible && aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == var.kms_key_arn
      && aws_db_instance.this[0].vpc_security_group_ids == toset([aws_security_group.this.id]) && aws_db_proxy.this[0].require_tls
    )
    error_message = "Dev is less guarded than production."
  }

  assert {
    condition     = aws_db_instance.this[0].database_insights_mode == "standard" && aws_db_instance.this[0].performance_insights_enabled && aws_db_instance.this[0].performance_insights_retention_period == 7
    error_message = "Dev's Database Insights are not the free ones."
  }

  # Not only in prod: people's work is in dev too.
  assert {
    condition     = !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier == "flux-dev-final"
    error_message = "Dev is destroyed without a last snapshot."
  }
}

run "nothing_is_destroyed_without_a_last_snapshot" {
  assert {
    condition     = !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier == "flux-prod-final"
    error_message = "Production is destroyed without a last snapshot."
  }
}

run "rds_makes_and_rotates_the_administrators_password" {
  assert {
    condition     = aws_db_instance.this[0].manage_master_user_password
    error_message = "The administrator's password is not RDS's affair, so it would be in the state."
  }

  assert {
    condition     = aws_secretsmanager_secret_rotation.admin[0].secret_id == output.secret_arns.admin && aws_secretsmanager_secret_rotation.admin[0].rotation_rules[0].automatically_after_days == 7
    error_message = "The administrator's password is not changed each week."
  }
}

run "the_proxy_reads_the_three_named_secrets_and_nothing_else" {
  assert {
    condition = toset(flatten([for s in jsondecode(aws_iam_role_policy.proxy[0].policy).Statement : s.Action])) == toset([
      "secretsmanager:GetSecretValue", "kms:Decrypt",
    ])
    error_message = "The proxy's role may do more than read."
  }

  assert {
    condition = toset(flatten([for s in jsondecode(aws_iam_role_policy.proxy[0].policy).Statement : s.Resource])) == toset([
      var.app_secret_arn, var.owner_secret_arn, output.secret_arns.admin, var.kms_key_arn,
    ])
    error_message = "The proxy's role names something else than its three secrets and their key."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.proxy[0].policy).Statement : s.Sid != "DecryptThem" || try(s.Condition.StringEquals["kms:ViaService"], "") == "secretsmanager.eu-central-1.amazonaws.com"])
    error_message = "The proxy may use the key for more than secrets."
  }
}

run "each_alarm_tells_the_topic_when_it_starts_and_ends" {
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.this) == ["connections", "cpu", "storage"]
    error_message = "An alarm is missing."
  }

  assert {
    condition     = alltrue([for a in aws_cloudwatch_metric_alarm.this : a.alarm_actions == toset([var.alarm_topic_arn]) && a.ok_actions == toset([var.alarm_topic_arn])])
    error_message = "An alarm rings where nobody hears it."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["connections"].threshold == 320 && aws_cloudwatch_metric_alarm.this["storage"].threshold == 20 * 1024 * 1024 * 1024
    error_message = "The thresholds are not 80 % of the 400 connections and 20 % of the 100 GiB."
  }

  assert {
    condition     = alltrue([for a in aws_cloudwatch_metric_alarm.this : a.treat_missing_data == "breaching" && a.dimensions["DBInstanceIdentifier"] == "flux-prod"])
    error_message = "An alarm looks elsewhere, or takes silence for health."
  }
}

run "every_log_group_ends_and_is_encrypted" {
  assert {
    condition     = output.log_group_names == tolist(["/aws/rds/instance/flux-prod/postgresql", "/aws/rds/instance/flux-prod/upgrade", "/aws/rds/proxy/flux-prod"])
    error_message = "RDS would make a log group itself, without an end."
  }

  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.this : g.retention_in_days == 365 && g.kms_key_id == var.logs_kms_key_arn])
    error_message = "A log group has no end or no key."
  }
}

run "dev_logs_end_after_two_weeks" {
  variables {
    environment = "dev"
  }

  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.this : g.retention_in_days == 14])
    error_message = "Dev's logs are kept for too long."
  }
}

run "every_role_of_rds_is_inside_the_boundary" {
  assert {
    condition     = aws_iam_role.monitoring[0].permissions_boundary == var.permissions_boundary_arn && aws_iam_role.proxy[0].permissions_boundary == var.permissions_boundary_arn
    error_message = "A role is outside the workload boundary; the deploy role would be refused to make it."
  }
}
