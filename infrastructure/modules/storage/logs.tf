resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_18:the bucket that access logs go to; logging it into itself would never end
  #checkov:skip=CKV_AWS_144:logs of a lost region are not worth a second copy
  #checkov:skip=CKV_AWS_145:access logs of S3 cannot be delivered to a bucket with a KMS key of ours; SSE-S3 it is
  #checkov:skip=CKV2_AWS_62:nothing waits for a log file
  bucket        = local.logs_bucket
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.encrypted_transport_only[local.logs_bucket], [
      {
        Sid       = "AccessLogsOfOurBuckets"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.s3_arn}${local.logs_bucket}/s3/*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = local.account_id }
          ArnLike      = { "aws:SourceArn" = "${local.s3_arn}${local.name}-*" }
        }
      },
      # Standard logging (v2) of CloudFront goes through CloudWatch's delivery, which lives in us-east-1.
      {
        Sid       = "LogsOfCloudFront"
        Effect    = "Allow"
        Principal = { Service = "delivery.logs.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${local.s3_arn}${local.logs_bucket}/AWSLogs/${local.account_id}/CloudFront/*"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = local.account_id
            "s3:x-amz-acl"      = "bucket-owner-full-control"
          }
          ArnLike = { "aws:SourceArn" = "arn:${data.aws_partition.this.partition}:logs:us-east-1:${local.account_id}:delivery-source:*" }
        }
      },
    ])
  })

  depends_on = [aws_s3_bucket_public_access_block.logs]
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "old-logs"
    status = "Enabled"

    filter {}

    expiration {
      days = local.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.logs]
}
