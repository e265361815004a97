# PostgreSQL with TimescaleDB on one EC2 instance. The data is on a volume of its own and the address
# on a network interface of its own: both outlive the instance, which can be replaced at any time.

data "aws_ssm_parameter" "debian" {
  count = local.is_timescaledb ? 1 : 0

  name = "/aws/service/debian/release/13/latest/arm64"
}

data "aws_subnet" "server" {
  count = local.is_timescaledb ? 1 : 0

  id = var.private_subnet_ids[0]
}

# The server makes this password itself when it first starts, so Terraform never sees one.
resource "aws_secretsmanager_secret" "admin" {
  #checkov:skip=CKV2_AWS_57:the server makes the password and an operator changes it with flux-set-admin; a rotation Lambda would have to be a superuser
  count = local.is_timescaledb ? 1 : 0

  name        = "${local.name}/database/admin"
  description = "Administrator of the TimescaleDB server; made by the server, read by migrate"
  kms_key_id  = var.kms_key_arn
}

resource "aws_ebs_volume" "data" {
  count = local.is_timescaledb ? 1 : 0

  availability_zone = data.aws_subnet.server[0].availability_zone
  size              = var.storage_gib
  type              = "gp3"
  encrypted         = true
  kms_key_id        = var.kms_key_arn
  final_snapshot    = true

  tags = {
    Name     = "${local.name}-database-data"
    Snapshot = "${local.name}-database" # what the lifecycle policy looks for
  }
}

resource "aws_network_interface" "this" {
  count = local.is_timescaledb ? 1 : 0

  description     = "The address of the TimescaleDB server, which outlives the instance"
  subnet_id       = var.private_subnet_ids[0]
  security_groups = [var.security_group_id, aws_security_group.this.id]

  tags = { Name = "${local.name}-database" }
}

resource "aws_instance" "this" {
  count = local.is_timescaledb ? 1 : 0

  ami                         = data.aws_ssm_parameter.debian[0].insecure_value
  instance_type               = local.server.instance_type
  iam_instance_profile        = aws_iam_instance_profile.server[0].name
  user_data                   = local.user_data
  user_data_replace_on_change = true
  disable_api_termination     = local.here.is_protected
  ebs_optimized               = true
  monitoring                  = true

  primary_network_interface {
    network_interface_id = aws_network_interface.this[0].id
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  maintenance_options {
    auto_recovery = "default"
  }

  root_block_device {
    volume_type           = "gp3"
    volume_size           = 16
    encrypted             = true
    kms_key_id            = var.kms_key_arn
    delete_on_termination = true
  }

  tags = { Name = "${local.name}-database" }

  lifecycle {
    # Debian publishes images all the time; a new one is taken by `terraform apply -replace`, when it suits.
    ignore_changes = [ami]
  }
}

resource "aws_volume_attachment" "data" {
  count = local.is_timescaledb ? 1 : 0

  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data[0].id
  instance_id                    = aws_instance.this[0].id
  stop_instance_before_detaching = true # PostgreSQL then ends in order
}

locals {
  # The address outputs.tf promises, and all that the server is told. No value here is a secret.
  user_data = local.is_timescaledb ? templatefile("${path.module}/timescaledb.sh.tftpl", {
    admin_secret_arn    = aws_secretsmanager_secret.admin[0].arn
    region              = data.aws_region.this.region
    volume_id           = aws_ebs_volume.data[0].id
    log_group_name      = "/flux/${var.environment}/timescaledb"
    metrics_namespace   = local.metrics_namespace
    server_name         = local.name
    port                = local.port
    major_version       = local.major_version
    postgresql_version  = "18.6-1.pgdg13+2"
    timescaledb_version = "2.28.3~debian13-1804"
    shared_buffers_mib  = local.server.shared_buffers_mib
    parameters          = local.parameters
  }) : null

  metrics_namespace = "Flux/Database"
}

# Packages come from the internet by NAT, all of them over TLS: the network lets nothing else out.
resource "aws_vpc_security_group_egress_rule" "server_to_packages" {
  count = local.is_timescaledb ? 1 : 0

  description       = "Packages and AWS"
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_iam_role" "server" {
  count = local.is_timescaledb ? 1 : 0

  name_prefix          = "${local.name}-database-"
  description          = "The TimescaleDB server of ${local.name}"
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = jsonencode(local.trust["ec2.amazonaws.com"])
}

resource "aws_iam_instance_profile" "server" {
  count = local.is_timescaledb ? 1 : 0

  name_prefix = "${local.name}-database-"
  role        = aws_iam_role.server[0].name
}

resource "aws_iam_role_policy_attachment" "server_session_manager" {
  count = local.is_timescaledb ? 1 : 0

  role       = aws_iam_role.server[0].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_role_policy" "server" {
  count = local.is_timescaledb ? 1 : 0

  name = "run-the-server"
  role = aws_iam_role.server[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "KeepTheAdministratorsPassword"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
        Resource = [aws_secretsmanager_secret.admin[0].arn]
      },
      {
        Sid       = "EncryptIt"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = [var.kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${data.aws_region.this.region}.amazonaws.com" } }
      },
      {
        Sid      = "WriteItsLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [for group in aws_cloudwatch_log_group.this : "${group.arn}:*"]
      },
      {
        Sid       = "ReportItsFigures"
        Effect    = "Allow"
        Action    = ["cloudwatch:PutMetricData"]
        Resource  = ["*"] # PutMetricData knows no resources; the namespace confines it
        Condition = { StringEquals = { "cloudwatch:namespace" = local.metrics_namespace } }
      },
    ]
  })
}

resource "aws_iam_role" "snapshots" {
  count = local.is_timescaledb ? 1 : 0

  name_prefix          = "${local.name}-snapshots-"
  description          = "Snapshots of the data volume of ${local.name}"
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = jsonencode(local.trust["dlm.amazonaws.com"])
}

resource "aws_iam_role_policy_attachment" "snapshots" {
  count = local.is_timescaledb ? 1 : 0

  role       = aws_iam_role.snapshots[0].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole"
}

resource "aws_dlm_lifecycle_policy" "this" {
  count = local.is_timescaledb ? 1 : 0

  description        = "Snapshots of the data volume of ${local.name}"
  execution_role_arn = aws_iam_role.snapshots[0].arn
  state              = "ENABLED"

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { Snapshot = "${local.name}-database" }

    schedule {
      name      = "each hour, for a day"
      copy_tags = true

      create_rule {
        interval      = 1
        interval_unit = "HOURS"
      }

      retain_rule {
        count = 24
      }
    }

    schedule {
      name      = "each night"
      copy_tags = true

      create_rule {
        interval      = 24
        interval_unit = "HOURS"
        times         = ["02:30"]
      }

      retain_rule {
        count = local.here.backup_days
      }
    }
  }
}
