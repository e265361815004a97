resource "aws_s3_bucket" "app_data" {
  #checkov:skip=CKV_AWS_144:one region is what an owner is promised; versions and the ban on deletion guard against our own mistakes
  #checkov:skip=CKV2_AWS_62:the ingestion module, which owns the Lambda, sets the notification
  bucket        = local.app_data_bucket
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_policy" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.encrypted_transport_only[local.app_data_bucket], [
      # The raw file is the truth, rows are derived: nobody deletes one, not even an administrator by mistake.
      {
        Sid       = "KeepRawUploads"
        Effect    = "Deny"
        Principal = "*"
        Action    = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
        Resource  = "${local.s3_arn}${local.app_data_bucket}/${local.uploads_prefix}*"
      },
      # And nobody writes over one. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
      {
        Sid       = "WriteRawUploadsOnce"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.s3_arn}${local.app_data_bucket}/${local.uploads_prefix}*"
        Condition = {
          Null = { "s3:if-none-match" = "true" }
          Bool = { "s3:ObjectCreationOperation" = "true" }
        }
      },
      # A request that names no encryption gets the bucket's own. These refuse one that names another, or `aws:kms` without a key,
      # which would be Amazon's.
      {
        Sid       = "RefuseOtherKeys"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.s3_arn}${local.app_data_bucket}/*"
        Condition = {
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = var.kms_key_arn }
        }
      },
      {
        Sid       = "RefuseKeysOfTheCaller"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${local.s3_arn}${local.app_data_bucket}/*"
        Condition = { Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } }
      },
    ])
  })

  depends_on = [aws_s3_bucket_public_access_block.app_data]
}

resource "aws_s3_bucket_lifecycle_configuration" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  # A file is read when it arrives and then once in a blue moon. No expiration: see KeepRawUploads.
  rule {
    id     = "raw-uploads-to-infrequent-access"
    status = "Enabled"

    filter {
      prefix = local.uploads_prefix
    }

    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
  }

  rule {
    id     = "unfinished-multipart-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "replaced-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = local.noncurrent_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.app_data]
}

resource "aws_s3_bucket_cors_configuration" "app_data" {
  bucket = aws_s3_bucket.app_data.id

  cors_rule {
    id              = "put-from-the-web-app"
    allowed_origins = [var.web_origin]
    allowed_methods = ["PUT"]
    allowed_headers = ["content-type", "if-none-match"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_logging" "app_data" {
  bucket        = aws_s3_bucket.app_data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "s3/app-data/"

  depends_on = [aws_s3_bucket_policy.logs]
}
