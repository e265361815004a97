mock_provider "aws" {
  source = "./tests"
}

variables {
  environment              = "prod"
  engine                   = "timescaledb"
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

run "the_server_is_private_and_has_no_way_in_but_the_database" {
  assert {
    condition     = aws_network_interface.this[0].subnet_id == var.private_subnet_ids[0]
    error_message = "The server is not in a private subnet."
  }

  assert {
    condition     = aws_network_interface.this[0].security_groups == toset([var.security_group_id, aws_security_group.this.id]) && length(aws_vpc_security_group_ingress_rule.instance_from_proxy) == 0
    error_message = "The server admits more than the database group does."
  }

  assert {
    condition     = alltrue([for f in fileset(path.module, "*.tf") : length(regexall("(key_name|aws_key_pair|aws_eip|associate_public_ip_address|from_port\\s*=\\s*22\\b)", file("${path.module}/${f}"))) == 0])
    error_message = "There is a key pair, a public address or port 22."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.server_to_packages[0].from_port == 443 && aws_vpc_security_group_egress_rule.server_to_packages[0].to_port == 443
    error_message = "The server may leave by another port than 443, which the network's lists refuse."
  }

  assert {
    condition     = aws_iam_role_policy_attachment.server_session_manager[0].policy_arn == "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    error_message = "People cannot reach the server by Session Manager."
  }
}

run "the_metadata_service_wants_a_token" {
  assert {
    condition     = aws_instance.this[0].metadata_options[0].http_tokens == "required" && aws_instance.this[0].metadata_options[0].http_put_response_hop_limit == 1
    error_message = "IMDSv1 is on: whoever can make the server fetch a page can have its role."
  }
}

run "the_data_is_encrypted_and_outlives_the_instance" {
  assert {
    condition     = aws_ebs_volume.data[0].encrypted && aws_ebs_volume.data[0].kms_key_id == var.kms_key_arn && aws_instance.this[0].root_block_device[0].encrypted
    error_message = "A disk is not encrypted with our key."
  }

  assert {
    condition     = aws_ebs_volume.data[0].final_snapshot && aws_ebs_volume.data[0].size == var.storage_gib
    error_message = "The data volume is destroyed without a last snapshot, or has another size."
  }

  assert {
    condition     = aws_volume_attachment.data[0].volume_id == aws_ebs_volume.data[0].id && aws_volume_attachment.data[0].stop_instance_before_detaching
    error_message = "The data is not on the volume of its own, or that is pulled from a running server."
  }

  assert {
    condition     = aws_instance.this[0].primary_network_interface[0].network_interface_id == aws_network_interface.this[0].id
    error_message = "The address dies with the instance."
  }
}

run "prod_is_protected_and_keeps_35_nightly_snapshots" {
  assert {
    condition     = aws_instance.this[0].disable_api_termination
    error_message = "Production's server can be terminated by a slip."
  }

  assert {
    condition     = aws_dlm_lifecycle_policy.this[0].policy_details[0].schedule[1].retain_rule[0].count == 35 && aws_dlm_lifecycle_policy.this[0].policy_details[0].schedule[0].retain_rule[0].count == 24
    error_message = "Production does not keep 24 hourly and 35 nightly snapshots."
  }

  assert {
    condition     = aws_dlm_lifecycle_policy.this[0].state == "ENABLED" && aws_dlm_lifecycle_policy.this[0].policy_details[0].target_tags["Snapshot"] == aws_ebs_volume.data[0].tags["Snapshot"]
    error_message = "The snapshots are not of the data volume."
  }
}

run "staging_keeps_7_nightly_snapshots" {
  variables {
    environment = "staging"
  }

  assert {
    condition     = !aws_instance.this[0].disable_api_termination && aws_dlm_lifecycle_policy.this[0].policy_details[0].schedule[1].retain_rule[0].count == 7
    error_message = "Staging is not as the table in README.md says."
  }
}

run "dev_keeps_7_nightly_snapshots" {
  variables {
    environment = "dev"
  }

  assert {
    condition     = !aws_instance.this[0].disable_api_termination && aws_dlm_lifecycle_policy.this[0].policy_details[0].schedule[1].retain_rule[0].count == 7
    error_message = "Dev is not as the table in README.md says."
  }

  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.this : g.retention_in_days == 14])
    error_message = "Dev's logs are kept for too long."
  }
}

run "the_server_takes_tls_and_scram_or_nothing" {
  assert {
    condition     = strcontains(aws_instance.this[0].user_data, "\nssl = on\n") && strcontains(aws_instance.this[0].user_data, "password_encryption = 'scram-sha-256'")
    error_message = "The server has no TLS, or stores MD5."
  }

  assert {
    condition     = length(regexall("(?m)^hostssl all all 0.0.0.0/0 scram-sha-256$", aws_instance.this[0].user_data)) == 1 && length(regexall("(?m)^(host|hostnossl)\\s|\\b(trust|md5)$", aws_instance.this[0].user_data)) == 0
    error_message = "pg_hba.conf lets somebody in without TLS or without SCRAM."
  }
}

run "the_server_has_the_same_limits_as_rds" {
  assert {
    condition     = alltrue([for name, value in local.parameters : strcontains(aws_instance.this[0].user_data, "\n${name} = '${value}'\n")])
    error_message = "A timeout or limit of rds.tf is not in postgresql.conf."
  }

  assert {
    condition     = strcontains(aws_instance.this[0].user_data, "shared_preload_libraries = 'timescaledb,pg_stat_statements'")
    error_message = "TimescaleDB or pg_stat_statements is not loaded."
  }
}

run "packages_are_pinned_and_their_keys_known" {
  assert {
    condition = alltrue([for package in ["postgresql-18", "timescaledb-2-loader-postgresql-18", "timescaledb-2-postgresql-18"] :
      length(regexall("\"${package}=[0-9.]+[-~][^\" ]+\"", aws_instance.this[0].user_data)) == 1
    ])
    error_message = "A package is installed without its exact version."
  }

  assert {
    condition     = length(regexall("(?m)^key \\S+ [0-9A-F]{40} ", aws_instance.this[0].user_data)) == 3 && !strcontains(aws_instance.this[0].user_data, "trusted=yes") && !strcontains(aws_instance.this[0].user_data, "http://")
    error_message = "A signing key is taken without its fingerprint, or something comes without TLS."
  }

  assert {
    condition     = length(aws_instance.this[0].user_data) < 16384
    error_message = "User data above 16 KiB is refused by EC2."
  }
}

run "user_data_holds_the_name_of_the_secret_and_no_secret" {
  assert {
    condition     = strcontains(aws_instance.this[0].user_data, aws_secretsmanager_secret.admin[0].arn)
    error_message = "The server does not know where its password is."
  }

  assert {
    condition     = length(regexall("(?i)password[\"' ]*[:=]+[\"' ]*[a-z0-9/+]{8,}", replace(aws_instance.this[0].user_data, "secrets.token_hex", ""))) == 0
    error_message = "There is a password in the user data, which everybody with ec2:DescribeInstanceAttribute can read."
  }

  assert {
    condition     = alltrue([for f in fileset(path.module, "*.tf") : length(regexall("aws_secretsmanager_secret_version|random_password|secret_string", file("${path.module}/${f}"))) == 0])
    error_message = "Terraform handles a secret's value, so it is in the state."
  }
}

run "the_servers_role_keeps_its_own_secret_and_reads_no_other" {
  assert {
    condition = toset(flatten([for s in jsondecode(aws_iam_role_policy.server[0].policy).Statement : s.Action])) == toset([
      "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "kms:Decrypt", "kms:GenerateDataKey",
      "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents", "cloudwatch:PutMetricData",
    ])
    error_message = "The server's role may do something else than it needs."
  }

  assert {
    condition = alltrue([for s in jsondecode(aws_iam_role_policy.server[0].policy).Statement :
      !startswith(s.Action[0], "secretsmanager:") || s.Resource == [aws_secretsmanager_secret.admin[0].arn]
    ])
    error_message = "The server may read or write the secrets of others."
  }

  assert {
    condition = alltrue([for s in jsondecode(aws_iam_role_policy.server[0].policy).Statement :
      !contains(s.Resource, "*") || (s.Action == ["cloudwatch:PutMetricData"] && try(s.Condition.StringEquals["cloudwatch:namespace"], "") == "Flux/Database")
    ])
    error_message = "A statement names no resource."
  }
}

run "a_failed_server_is_moved_or_restarted_and_somebody_told" {
  assert {
    condition     = aws_cloudwatch_metric_alarm.recovery[0].metric_name == "StatusCheckFailed_System" && aws_cloudwatch_metric_alarm.recovery[0].alarm_actions == toset(["arn:aws:automate:eu-central-1:ec2:recover", var.alarm_topic_arn])
    error_message = "Broken hardware takes the database down until somebody notices."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.reboot[0].metric_name == "StatusCheckFailed_Instance" && contains(aws_cloudwatch_metric_alarm.reboot[0].alarm_actions, var.alarm_topic_arn)
    error_message = "A hung system takes the database down until somebody notices."
  }

  assert {
    condition     = alltrue([for a in aws_cloudwatch_metric_alarm.this : a.alarm_actions == toset([var.alarm_topic_arn]) && a.treat_missing_data == "breaching"])
    error_message = "An alarm rings where nobody hears it, or takes silence for health."
  }
}

run "the_data_key_encrypts_only_for_secrets_and_logs_end" {
  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.server[0].policy).Statement : s.Sid != "EncryptIt" || try(s.Condition.StringEquals["kms:ViaService"], "") == "secretsmanager.eu-central-1.amazonaws.com"])
    error_message = "The server may use the key for more than secrets."
  }

  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.this : g.retention_in_days == 365 && g.kms_key_id == var.logs_kms_key_arn])
    error_message = "A log group has no end or no key."
  }
}

run "every_role_of_the_server_is_inside_the_boundary" {
  assert {
    condition     = aws_iam_role.server[0].permissions_boundary == var.permissions_boundary_arn && aws_iam_role.snapshots[0].permissions_boundary == var.permissions_boundary_arn
    error_message = "A role is outside the workload boundary; the deploy role would be refused to make it."
  }
}
