data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  name           = "flux-${var.environment}"
  account_id     = data.aws_caller_identity.this.account_id
  s3_arn         = "arn:${data.aws_partition.this.partition}:s3:::"
  uploads_prefix = "uploads/"

  app_data_bucket = "${local.name}-app-data-${local.account_id}"
  logs_bucket     = "${local.name}-logs-${local.account_id}"

  noncurrent_days    = 90
  log_retention_days = var.environment == "prod" ? 365 : 90

  # Statements of both buckets, by the bucket's name.
  encrypted_transport_only = { for bucket in [local.app_data_bucket, local.logs_bucket] : bucket => [
    {
      Sid       = "RefusePlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["${local.s3_arn}${bucket}", "${local.s3_arn}${bucket}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
    {
      Sid       = "RefuseOldTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["${local.s3_arn}${bucket}", "${local.s3_arn}${bucket}/*"]
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    },
  ] }
}
