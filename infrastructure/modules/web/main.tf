# The bucket with the built pages, which only CloudFront reads.

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

locals {
  name       = "flux-${var.environment}"
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition

  bucket     = "${local.name}-web-${local.account_id}"
  bucket_arn = "arn:${local.partition}:s3:::${local.bucket}"

  log_days = { dev = 14, staging = 30, prod = 365 }[var.environment]

  # CloudFront, its certificate and its firewall live there, whatever the region of the rest.
  edge_region = "us-east-1"
}

resource "aws_s3_bucket" "web" {
  #checkov:skip=CKV_AWS_144:it can be filled again from the artifact of any build
  #checkov:skip=CKV_AWS_145:pages that everybody may read; SSE-S3 it is
  #checkov:skip=CKV2_AWS_62:nothing waits for a page
  bucket        = local.bucket
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "web" {
  bucket = aws_s3_bucket.web.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "web" {
  bucket = aws_s3_bucket.web.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "web" {
  bucket = aws_s3_bucket.web.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "web" {
  bucket = aws_s3_bucket.web.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "web" {
  bucket = aws_s3_bucket.web.id

  rule {
    id     = "replaced-pages"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.web]
}

resource "aws_s3_bucket_logging" "web" {
  bucket        = aws_s3_bucket.web.id
  target_bucket = var.logs_bucket
  target_prefix = "s3/web/"
}

resource "aws_s3_bucket_policy" "web" {
  bucket = aws_s3_bucket.web.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      # ListBucket, or a file that is not there would be a 403. Nobody sees a list: / is a page (pages.js).
      {
        Sid       = "OurDistributionReads"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = ["s3:GetObject", "s3:ListBucket"]
        Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
        Condition = { StringEquals = { "aws:SourceArn" = aws_cloudfront_distribution.this.arn } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.web]
}
