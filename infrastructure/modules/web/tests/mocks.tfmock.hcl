# Made-up answers in the shape of the real ones, for the computed values that other resources are built from.

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = { arn = "arn:aws:cloudfront::111122223333:distribution/EMOCK", domain_name = "dmock.cloudfront.net", hosted_zone_id = "ZCLOUDFRONT" }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = { arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/flux-prod-web/mock" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:aws-waf-logs-flux-prod" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:us-east-1:111122223333:certificate/mock"
    domain_validation_options = [{
      domain_name           = "app.flux.example"
      resource_record_name  = "_check.app.flux.example"
      resource_record_type  = "CNAME"
      resource_record_value = "_answer.acm-validations.aws"
    }]
  }
}
