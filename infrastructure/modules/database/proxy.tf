# RDS Proxy: what clients of the rds engine connect to.

resource "aws_db_proxy" "this" {
  count = local.is_rds ? 1 : 0

  name                   = local.name
  engine_family          = "POSTGRESQL"
  require_tls            = true
  idle_client_timeout    = 900 # s: as long as a Lambda lives
  debug_logging          = false
  role_arn               = aws_iam_role.proxy[0].arn
  vpc_subnet_ids         = var.database_subnet_ids
  vpc_security_group_ids = [var.security_group_id]

  dynamic "auth" {
    for_each = local.proxy_secret_arns

    content {
      auth_scheme               = "SECRETS"
      client_password_auth_type = "POSTGRES_SCRAM_SHA_256"
      description               = auth.key
      iam_auth                  = "DISABLED"
      secret_arn                = auth.value
    }
  }

  # Else RDS makes the log group itself; and the proxy tries its secrets at once.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.proxy]
}

resource "aws_db_proxy_default_target_group" "this" {
  count = local.is_rds ? 1 : 0

  db_proxy_name = aws_db_proxy.this[0].name

  connection_pool_config {
    connection_borrow_timeout    = 10 # s, then the API answers 503
    max_connections_percent      = 90 # the rest is for people
    max_idle_connections_percent = 50
  }
}

resource "aws_db_proxy_target" "this" {
  count = local.is_rds ? 1 : 0

  db_proxy_name          = aws_db_proxy.this[0].name
  target_group_name      = aws_db_proxy_default_target_group.this[0].name
  db_instance_identifier = aws_db_instance.this[0].identifier
}

resource "aws_vpc_security_group_ingress_rule" "instance_from_proxy" {
  count = local.is_rds ? 1 : 0

  description                  = "PostgreSQL from the proxy"
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "proxy_to_instance" {
  count = local.is_rds ? 1 : 0

  description                  = "PostgreSQL to the instance"
  security_group_id            = var.security_group_id
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_iam_role" "proxy" {
  count = local.is_rds ? 1 : 0

  name_prefix          = "${local.name}-rds-proxy-"
  description          = "Lets the proxy of ${local.name} read the passwords it checks"
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = jsonencode(local.trust["rds.amazonaws.com"])
}

resource "aws_iam_role_policy" "proxy" {
  count = local.is_rds ? 1 : 0

  name = "read-secrets"
  role = aws_iam_role.proxy[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadTheNamedSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = values(local.proxy_secret_arns)
      },
      {
        Sid       = "DecryptThem"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [var.kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${data.aws_region.this.region}.amazonaws.com" } }
      },
    ]
  })
}

locals {
  proxy_secret_arns = local.is_rds ? local.secret_arns : {}
}
