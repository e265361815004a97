# Both engines, and the one place where the environments differ.

locals {
  name          = "flux-${var.environment}"
  database_name = "flux" # made by migrate, so that flux_owner owns it
  port          = 5432
  major_version = "18"

  is_rds         = var.engine == "rds"
  is_timescaledb = var.engine == "timescaledb"

  by_environment = {
    dev     = { is_protected = false, multi_az = false, backup_days = 7, log_days = 14, insights_mode = "standard", insights_days = 7 }
    staging = { is_protected = false, multi_az = false, backup_days = 7, log_days = 30, insights_mode = "standard", insights_days = 7 }
    prod    = { is_protected = true, multi_az = true, backup_days = 35, log_days = 365, insights_mode = "advanced", insights_days = 465 }
  }
  here = local.by_environment[var.environment]

  # Alarms compare with max_connections, so it is set, not left to the server's memory.
  by_size = {
    small  = { instance_type = "t4g.small", max_connections = 100, shared_buffers_mib = 512 }
    medium = { instance_type = "t4g.medium", max_connections = 200, shared_buffers_mib = 1024 }
    large  = { instance_type = "m7g.large", max_connections = 400, shared_buffers_mib = 2048 }
    xlarge = { instance_type = "r7g.xlarge", max_connections = 800, shared_buffers_mib = 8192 }
  }
  server = local.by_size[var.size]

  # What both engines run with. flux_app has shorter ones of its own (core/roles.py); these are the last line.
  parameters = {
    log_min_duration_statement          = "1000" # ms
    log_lock_waits                      = "1"
    statement_timeout                   = "900000" # 15 min: as long as a Lambda lives
    idle_in_transaction_session_timeout = "300000" # 5 min
    lock_timeout                        = "300000" # 5 min: loads of one restaurant wait for each other
    max_connections                     = tostring(local.server.max_connections)
  }
}

data "aws_partition" "this" {}

data "aws_region" "this" {}

# What clients may not reach: on RDS the instance behind its proxy, on EC2 the server's way out.
resource "aws_security_group" "this" {
  name_prefix = "${local.name}-database-inner-"
  description = local.is_rds ? "The instance, which only its proxy may reach" : "The way out of the TimescaleDB server"
  vpc_id      = var.vpc_id

  tags = { Name = "${local.name}-database-inner" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(local.is_rds ? [
    "/aws/rds/instance/${local.name}/postgresql",
    "/aws/rds/instance/${local.name}/upgrade",
    "/aws/rds/proxy/${local.name}",
  ] : ["/flux/${var.environment}/timescaledb"])

  name              = each.key
  retention_in_days = local.here.log_days
  kms_key_id        = var.logs_kms_key_arn
}
