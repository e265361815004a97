output "bucket" {
  description = "Bucket for the built pages: assets first, pages last."
  value       = aws_s3_bucket.web.id

  # Nobody is to fill it before it refuses what it must refuse.
  depends_on = [aws_s3_bucket_policy.web]
}

output "distribution_id" {
  description = "CloudFront's distribution, to have it forget pages after a deploy."
  value       = aws_cloudfront_distribution.this.id
}

output "url" {
  description = "What people open: FLUX_PUBLIC_URL."
  value       = "https://${var.domain_name}"
}
