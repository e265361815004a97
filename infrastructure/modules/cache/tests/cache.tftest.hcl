mock_provider "aws" {
  mock_resource "aws_elasticache_replication_group" {
    defaults = { primary_endpoint_address = "master.flux.example" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-test/redis-url-AbCdEf" }
  }
}

variables {
  environment        = "prod"
  size               = "small"
  private_subnet_ids = ["subnet-0a", "subnet-0b"]
  security_group_id  = "sg-0cache"
  kms_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  logs_kms_key_arn   = "arn:aws:kms:eu-central-1:111122223333:key/66666666-2222-3333-4444-555555555555"
  password           = "0123456789abcdef0123456789abcdef"
  password_version   = 1
  alarm_topic_arn    = "arn:aws:sns:eu-central-1:111122223333:flux-prod-alarms"
}

run "the_cache_is_reached_only_inside_the_private_subnets_by_one_group" {
  assert {
    condition     = aws_elasticache_subnet_group.this.subnet_ids == toset(var.private_subnet_ids) && aws_elasticache_replication_group.this.subnet_group_name == aws_elasticache_subnet_group.this.name
    error_message = "The cache is not in the private subnets that were given."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.security_group_ids == toset(["sg-0cache"])
    error_message = "The cache has another security group than the one that was given."
  }
}

run "only_tls_is_spoken" {
  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
    error_message = "The cache can be spoken to without TLS."
  }
}

run "nobody_comes_in_without_a_name_and_a_password" {
  assert {
    condition     = aws_elasticache_replication_group.this.user_group_ids == toset([aws_elasticache_user_group.this.user_group_id])
    error_message = "The cache does not ask who is there."
  }
  assert {
    condition     = aws_elasticache_user_group.this.user_ids == toset([aws_elasticache_user.app.user_id]) && aws_elasticache_user.app.no_password_required != true
    error_message = "Somebody else than the application may come in, or it may without a password."
  }
  assert {
    condition     = alltrue([for taken in ["-@admin", "-@dangerous"] : contains(split(" ", aws_elasticache_user.app.access_string), taken)])
    error_message = "The application could flush or reconfigure the cache."
  }
}

run "the_password_is_in_no_state" {
  assert {
    condition = alltrue([
      aws_elasticache_user.app.passwords == null,
      length(aws_elasticache_user.app.authentication_mode) == 0,
      aws_elasticache_replication_group.this.auth_token == null,
      aws_secretsmanager_secret_version.url.secret_string == null,
    ])
    error_message = "The password is stored in the state."
  }
  assert {
    condition     = output.redis_url_secret_arn == aws_secretsmanager_secret.url.arn
    error_message = "The application is not told where its secret is."
  }
}

run "a_higher_version_changes_cache_and_secret_together" {
  variables {
    password         = "ffffffffffffffffffffffffffffffff"
    password_version = 2
  }
  assert {
    condition     = aws_elasticache_user.app.passwords_wo_version == 2 && aws_secretsmanager_secret_version.url.secret_string_wo_version == 2
    error_message = "Cache and secret would know different passwords."
  }
}

run "what_is_at_rest_is_encrypted_with_our_key" {
  assert {
    condition = alltrue([
      aws_elasticache_replication_group.this.at_rest_encryption_enabled == "true",
      aws_elasticache_replication_group.this.kms_key_id == var.kms_key_arn,
      aws_secretsmanager_secret.url.kms_key_id == var.kms_key_arn,
    ])
    error_message = "Disks, snapshots or the secret are not encrypted with our key."
  }
}

run "prod_outlives_a_node_and_a_zone" {
  assert {
    condition = alltrue([
      aws_elasticache_replication_group.this.num_cache_clusters == 2,
      aws_elasticache_replication_group.this.automatic_failover_enabled,
      aws_elasticache_replication_group.this.multi_az_enabled,
    ])
    error_message = "Prod has no replica in another zone to fail over to."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.apply_immediately == false
    error_message = "A change to prod would not wait for the maintenance window."
  }
}

run "staging_is_one_node" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.automatic_failover_enabled
    error_message = "Staging pays for a replica."
  }
}

run "dev_is_one_small_node_with_the_same_walls" {
  variables {
    environment = "dev"
    size        = "micro"
  }
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && aws_elasticache_replication_group.this.node_type == "cache.t4g.micro"
    error_message = "Dev pays for more than one small node."
  }
  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_mode == "required" && length(aws_elasticache_replication_group.this.user_group_ids) == 1
    error_message = "Dev is less guarded than prod."
  }
}

run "it_is_valkey_that_drops_what_ends_soonest_when_full" {
  assert {
    condition     = aws_elasticache_replication_group.this.engine == "valkey" && startswith(aws_elasticache_replication_group.this.engine_version, "8.") && aws_elasticache_parameter_group.this.family == "valkey8"
    error_message = "Engine and parameter group do not belong together."
  }
  assert {
    condition = aws_elasticache_replication_group.this.parameter_group_name == aws_elasticache_parameter_group.this.name && contains(
      [for parameter in aws_elasticache_parameter_group.this.parameter : "${parameter.name}=${parameter.value}"], "maxmemory-policy=volatile-ttl"
    )
    error_message = "A full cache would refuse writes, and with them the limits on tries."
  }
}

run "maintenance_is_while_restaurants_sleep" {
  assert {
    condition     = aws_elasticache_replication_group.this.maintenance_window == "tue:03:00-tue:04:00" && aws_elasticache_replication_group.this.auto_minor_version_upgrade == "true"
    error_message = "Updates come in opening hours, or not at all."
  }
}

run "its_logs_are_kept_for_a_month_and_encrypted" {
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 30 && group.kms_key_id == var.logs_kms_key_arn])
    error_message = "A log group has no end, or is not encrypted with our key."
  }
  assert {
    condition = toset([for log in aws_elasticache_replication_group.this.log_delivery_configuration : log.destination]) == toset([
      for group in aws_cloudwatch_log_group.this : group.name
    ])
    error_message = "The cache writes its logs elsewhere, or none."
  }
}

run "events_of_the_cache_reach_the_alarm_topic" {
  assert {
    condition     = aws_elasticache_replication_group.this.notification_topic_arn == var.alarm_topic_arn
    error_message = "Nobody hears of a failover."
  }
}

run "a_short_password_is_refused" {
  command = plan
  variables {
    password = "short"
  }
  expect_failures = [var.password]
}

run "a_single_subnet_is_refused" {
  command = plan
  variables {
    private_subnet_ids = ["subnet-0a"]
  }
  expect_failures = [var.private_subnet_ids]
}

run "an_unknown_size_is_refused" {
  command = plan
  variables {
    size = "cache.r7g.large"
  }
  expect_failures = [var.size]
}

run "other_wrong_inputs_are_refused_with_a_sentence" {
  command = plan
  variables {
    environment       = "test"
    security_group_id = "default"
    kms_key_arn       = "alias/flux"
    logs_kms_key_arn  = "alias/flux"
    password_version  = 1.5
    alarm_topic_arn   = "ops@flux.example"
  }
  expect_failures = [
    var.environment, var.security_group_id, var.kms_key_arn, var.logs_kms_key_arn, var.password_version, var.alarm_topic_arn,
  ]
}
