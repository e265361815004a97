# The bucket for the Lambdas' zips, each under its SHA-256: what is deployed is named by what it is.

locals {
  packages_bucket     = "${local.name}-packages-${var.account_id}"
  packages_bucket_arn = "arn:aws:s3:::${local.packages_bucket}"

  package_keys = { for name, digest in var.packages : name => var.package_files == null ? "${name}/${digest}.zip" : aws_s3_object.package[name].key }
}

resource "aws_s3_object" "package" {
  for_each = var.package_files == null ? {} : { for name, path in var.package_files : name => path }

  bucket = aws_s3_bucket.packages.id
  key    = "${each.key}/${var.packages[each.key]}.zip"
  source = each.value

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = filesha256(each.value) == var.packages[each.key]
      error_message = "${each.value} is not the package whose SHA-256 was given."
    }
  }

  depends_on = [aws_s3_bucket_policy.packages]
}

resource "aws_s3_bucket" "packages" {
  #checkov:skip=CKV_AWS_18:a deploy writes and Lambda reads once; CloudTrail tells who
  #checkov:skip=CKV_AWS_21:a key is a digest, so another content is another key
  #checkov:skip=CKV_AWS_144:the zips are artifacts of the build, and every Lambda has a copy
  #checkov:skip=CKV_AWS_145:code without secrets; SSE-S3 it is
  #checkov:skip=CKV2_AWS_62:nothing waits for a package
  bucket        = local.packages_bucket
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "packages" {
  bucket = aws_s3_bucket.packages.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "packages" {
  bucket = aws_s3_bucket.packages.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "packages" {
  bucket = aws_s3_bucket.packages.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "packages" {
  bucket = aws_s3_bucket.packages.id

  rule {
    id     = "unfinished-multipart-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "packages" {
  bucket = aws_s3_bucket.packages.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RefusePlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.packages_bucket_arn, "${local.packages_bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.packages]
}
