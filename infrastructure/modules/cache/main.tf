locals {
  name    = "flux-${var.environment}"
  is_prod = var.environment == "prod"

  node_type = {
    micro  = "cache.t4g.micro"
    small  = "cache.t4g.small"
    medium = "cache.t4g.medium"
  }[var.size]

  # Flux works without the cache, but then a limit on tries counts for each process alone and an ended session lives
  # on until its token does. In prod that is not to last longer than a failover.
  node_count = local.is_prod ? 2 : 1

  user = "flux-app"
}

resource "aws_elasticache_subnet_group" "this" {
  name        = local.name
  description = "Private subnets of ${local.name}"
  subnet_ids  = var.private_subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${local.name}-valkey8"
  family      = "valkey8"
  description = "Valkey of ${local.name}"

  # Every key has an end. If memory runs out all the same, the one that ends soonest goes, and no write is refused.
  parameter {
    name  = "maxmemory-policy"
    value = "volatile-ttl"
  }

  # Connections of Lambdas that were frozen and never came back.
  parameter {
    name  = "timeout"
    value = "300"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_user" "app" {
  user_id              = "${local.name}-app"
  user_name            = local.user
  engine               = "valkey"
  access_string        = "on ~* &* +@all -@admin -@dangerous"
  passwords_wo         = var.password
  passwords_wo_version = var.password_version
}

# No `default` user: Valkey does not ask for one, and so nobody comes in without a name.
resource "aws_elasticache_user_group" "this" {
  user_group_id = local.name
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.app.user_id]
}

resource "aws_elasticache_replication_group" "this" {
  #checkov:skip=CKV_AWS_31:who may come in is decided by the user group; an auth token would be one password for all, and in the state
  #checkov:skip=CKV2_AWS_50:two nodes with failover in prod; dev and staging do without, and Flux then counts for each process alone
  replication_group_id = local.name
  description          = "Limits on tries and ended sessions of ${local.name}"

  engine               = "valkey"
  engine_version       = "8.1"
  node_type            = local.node_type
  port                 = 6379
  parameter_group_name = aws_elasticache_parameter_group.this.name

  num_cache_clusters         = local.node_count
  automatic_failover_enabled = local.is_prod
  multi_az_enabled           = local.is_prod

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [var.security_group_id]
  user_group_ids     = [aws_elasticache_user_group.this.user_group_id]

  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn

  # Nothing in the cache outlives a day, so there is nothing to restore.
  snapshot_retention_limit = 0

  auto_minor_version_upgrade = true
  maintenance_window         = "tue:03:00-tue:04:00" # UTC: restaurants are closed from Lisbon to Warsaw
  apply_immediately          = !local.is_prod
  notification_topic_arn     = var.alarm_topic_arn

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this
    content {
      log_type         = log_delivery_configuration.key
      log_format       = "json"
      destination_type = "cloudwatch-logs"
      destination      = log_delivery_configuration.value.name
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:slow commands and engine messages are looked at within days
  for_each = toset(["engine-log", "slow-log"])

  name              = "/flux/${var.environment}/cache/${each.key}"
  retention_in_days = 30
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_secretsmanager_secret" "url" {
  #checkov:skip=CKV2_AWS_57:raising password_version rotates it, in ElastiCache and here at once
  name                    = "${local.name}/redis-url"
  description             = "REDIS_URL of the API and the worker"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = local.is_prod ? 30 : 7
}

resource "aws_secretsmanager_secret_version" "url" {
  secret_id                = aws_secretsmanager_secret.url.id
  secret_string_wo         = "rediss://${local.user}:${var.password}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0"
  secret_string_wo_version = var.password_version

  # The old password holds until the cache knows the new one.
  depends_on = [aws_elasticache_user_group.this]
}
