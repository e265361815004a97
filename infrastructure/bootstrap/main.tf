data "aws_partition" "this" {}

locals {
  partition    = data.aws_partition.this.partition
  iam_arn      = "arn:${local.partition}:iam::${var.account_id}"
  state_bucket = "flux-terraform-state-${var.account_id}"
  state_arn    = "arn:${local.partition}:s3:::${local.state_bucket}"
  state_key    = "flux.tfstate"

  # What Terraform calls an environment, and what GitHub shows to people.
  github_environments = {
    dev     = "development"
    staging = "staging"
    prod    = "production"
  }
}

resource "aws_kms_key" "state" {
  description             = "Terraform state of Flux"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  # AWS's own default: the account decides by IAM who may use the key. Without it a key can become nobody's.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Principal = { AWS = "${local.iam_arn}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "state" {
  name          = "alias/flux-terraform-state"
  target_key_id = aws_kms_key.state.key_id
}

resource "aws_s3_bucket" "state" {
  #checkov:skip=CKV_AWS_18:a few people and four roles read it; CloudTrail tells who, and a log bucket would want one of its own
  #checkov:skip=CKV_AWS_144:a lost region takes what the state describes with it
  #checkov:skip=CKV2_AWS_62:nothing waits for a change of the state
  bucket        = local.state_bucket
  force_destroy = false
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.state.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket = aws_s3_bucket.state.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.state_arn, "${local.state_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "RefuseOtherAccounts"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.state_arn, "${local.state_arn}/*"]
        Condition = { StringNotEquals = { "aws:PrincipalAccount" = var.account_id } }
      },
      # An old version is how a broken state is mended. Nobody deletes one; the lifecycle does, after a year.
      {
        Sid       = "KeepVersions"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:DeleteObjectVersion"
        Resource  = "${local.state_arn}/*"
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}

resource "aws_s3_bucket_lifecycle_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "replaced-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}
