output "app_data_bucket" {
  description = "Name of the bucket that owners' files go to."
  value       = aws_s3_bucket.app_data.id

  # Nobody is to use the bucket before it refuses what it must refuse.
  depends_on = [aws_s3_bucket_policy.app_data, aws_s3_bucket_versioning.app_data]
}

output "app_data_bucket_arn" {
  description = "The same bucket for IAM policies and for the notification that starts ingestion."
  value       = "${local.s3_arn}${local.app_data_bucket}"
}

output "app_data_origin" {
  description = "Where browsers PUT files to; belongs into connect-src of the Content-Security-Policy."
  value       = "https://${aws_s3_bucket.app_data.bucket_regional_domain_name}"
}

output "uploads_prefix" {
  description = "Keys of raw uploads start with this. Roles and the notification are limited to it."
  value       = local.uploads_prefix
}

output "logs_bucket" {
  description = "Name of the bucket for logs: s3/ for access logs of this environment's buckets, AWSLogs/ for CloudFront."
  value       = aws_s3_bucket.logs.id

  depends_on = [aws_s3_bucket_policy.logs]
}

output "logs_bucket_arn" {
  description = "The same bucket as the destination of a log delivery."
  value       = "${local.s3_arn}${local.logs_bucket}"
}
