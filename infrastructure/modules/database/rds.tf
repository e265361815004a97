resource "aws_db_subnet_group" "this" {
  count = local.is_rds ? 1 : 0

  name        = local.name
  description = "Isolated subnets of ${local.name}"
  subnet_ids  = var.database_subnet_ids
}

resource "aws_db_parameter_group" "this" {
  count = local.is_rds ? 1 : 0

  name_prefix = "${local.name}-"
  family      = "postgres${local.major_version}"
  description = "Flux: TLS only, statements counted, nothing waits for ever"

  dynamic "parameter" {
    for_each = merge(local.parameters, {
      "rds.force_ssl"            = "1"
      "password_encryption"      = "scram-sha-256"
      "shared_preload_libraries" = "pg_stat_statements"
    })

    content {
      name  = parameter.key
      value = parameter.value
      # Static parameters, which RDS refuses to apply without a restart.
      apply_method = contains(["max_connections", "shared_preload_libraries"], parameter.key) ? "pending-reboot" : "immediate"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  #checkov:skip=CKV_AWS_161:Flux logs in as its two roles, by passwords that the proxy checks; nobody logs in by IAM
  #checkov:skip=CKV2_AWS_69:rds.force_ssl is in a dynamic block, which checkov does not read; tests/rds.tftest.hcl does
  count = local.is_rds ? 1 : 0

  identifier                  = local.name
  engine                      = "postgres"
  engine_version              = local.major_version # the newest minor version, which RDS then keeps up to date
  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  instance_class              = "db.${local.server.instance_type}"
  port                        = local.port
  parameter_group_name        = aws_db_parameter_group.this[0].name
  ca_cert_identifier          = "rds-ca-rsa2048-g1"

  allocated_storage     = var.storage_gib
  max_allocated_storage = var.storage_gib * 4
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  multi_az               = local.here.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this[0].name
  vpc_security_group_ids = [aws_security_group.this.id]
  publicly_accessible    = false

  username                      = "flux_admin"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.kms_key_arn

  backup_retention_period   = local.here.backup_days
  backup_window             = "02:00-03:00"
  maintenance_window        = "sun:03:30-sun:04:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !local.here.is_protected
  deletion_protection       = local.here.is_protected
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.name}-final"
  apply_immediately         = !local.here.is_protected

  database_insights_mode                = local.here.insights_mode
  performance_insights_enabled          = true
  performance_insights_retention_period = local.here.insights_days
  performance_insights_kms_key_id       = var.kms_key_arn
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring[0].arn
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  tags = { Name = local.name }

  # Else RDS makes the log groups itself, without key and without end.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy_attachment.monitoring]
}

resource "aws_secretsmanager_secret_rotation" "admin" {
  count = local.is_rds ? 1 : 0

  secret_id          = aws_db_instance.this[0].master_user_secret[0].secret_arn
  rotate_immediately = false # RDS has just made it

  rotation_rules {
    automatically_after_days = 7
  }
}

resource "aws_iam_role" "monitoring" {
  count = local.is_rds ? 1 : 0

  name_prefix          = "${local.name}-rds-monitoring-"
  description          = "Enhanced monitoring of ${local.name}"
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = jsonencode(local.trust["monitoring.rds.amazonaws.com"])
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count = local.is_rds ? 1 : 0

  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

locals {
  trust = {
    for service in ["monitoring.rds.amazonaws.com", "rds.amazonaws.com", "ec2.amazonaws.com", "dlm.amazonaws.com"] : service => {
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = service } }]
    }
  }
}
