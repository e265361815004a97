# Two keys: one for what people gave us, one for what we write about ourselves.

resource "aws_kms_key" "data" {
  description             = "${local.name}: database, uploads, secrets and queues"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = local.grace_days

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.account_decides]
  })
}

resource "aws_kms_alias" "data" {
  name          = "alias/${local.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_key" "logs" {
  description             = "${local.name}: log groups and alarms"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = local.grace_days

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.account_decides,
      {
        Sid       = "LogsOfThisEnvironment"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = [
              for group in ["/flux/${var.environment}/*", "*${local.name}*"] :
              "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${group}"
            ]
          }
        }
      },
      {
        Sid       = "AlarmsReachAnEncryptedTopic"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
    ]
  })
}

resource "aws_kms_alias" "logs" {
  name          = "alias/${local.name}-logs"
  target_key_id = aws_kms_key.logs.key_id
}

locals {
  # In a key's policy * is that key. This account's IAM decides who uses it, as for every other resource; without
  # this statement nobody could ever change the key again.
  account_decides = {
    Sid       = "ThisAccountsIamDecides"
    Effect    = "Allow"
    Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }
}
