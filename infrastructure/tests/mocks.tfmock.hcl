# Made-up answers in the shape of the real ones, for the computed values that other resources are built from.

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { region = "eu-central-1" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "111122223333" }
}

mock_data "aws_subnet" {
  defaults = { availability_zone = "eu-central-1a" }
}

mock_data "aws_ssm_parameter" {
  defaults = { insecure_value = "ami-0123456789abcdef0" }
}

mock_resource "aws_vpc" {
  defaults = { id = "vpc-0123456789abcdef0", default_network_acl_id = "acl-0", default_route_table_id = "rtb-0" }
}

mock_resource "aws_subnet" {
  defaults = { id = "subnet-0123456789abcdef0" }
}

mock_resource "aws_security_group" {
  defaults = { id = "sg-0123456789abcdef0" }
}

mock_resource "aws_vpc_endpoint" {
  defaults = { prefix_list_id = "pl-6ea54007" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/mock" }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:mock-AbCdEf" }
}

mock_resource "aws_iam_role" {
  defaults = { id = "mock-role", arn = "arn:aws:iam::111122223333:role/mock-role" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mock" }
}

mock_resource "aws_db_proxy" {
  defaults = { endpoint = "flux.proxy-mock.eu-central-1.rds.amazonaws.com" }
}

mock_resource "aws_db_instance" {
  defaults = {
    master_user_secret = [{
      kms_key_id    = "arn:aws:kms:eu-central-1:111122223333:key/mock"
      secret_arn    = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-mock-AbCdEf"
      secret_status = "active"
    }]
  }
}

mock_resource "aws_elasticache_replication_group" {
  defaults = { primary_endpoint_address = "master.flux-mock.euc1.cache.amazonaws.com" }
}

mock_resource "aws_s3_bucket" {
  defaults = { bucket_regional_domain_name = "mock.s3.eu-central-1.amazonaws.com" }
}

mock_resource "aws_lambda_function" {
  defaults = { version = "7" }
}

mock_resource "aws_lambda_alias" {
  defaults = { arn = "arn:aws:lambda:eu-central-1:111122223333:function:mock:live" }
}

mock_resource "aws_sqs_queue" {
  defaults = { arn = "arn:aws:sqs:eu-central-1:111122223333:mock", url = "https://sqs.eu-central-1.amazonaws.com/111122223333/mock" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:eu-central-1:111122223333:mock" }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = { id = "a1b2c3d4e5", execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5" }
}

mock_resource "aws_apigatewayv2_domain_name" {
  defaults = { domain_name_configuration = { hosted_zone_id = "ZMOCK", target_domain_name = "d-mock.execute-api.eu-central-1.amazonaws.com" } }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn                       = "arn:aws:acm:eu-central-1:111122223333:certificate/mock"
    domain_validation_options = [{ domain_name = "mock", resource_record_name = "_mock", resource_record_type = "CNAME", resource_record_value = "_mock.acm-validations.aws" }]
  }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = { arn = "arn:aws:cloudfront::111122223333:distribution/EMOCK" }
}

mock_resource "aws_synthetics_canary" {
  defaults = { engine_arn = "arn:aws:lambda:eu-central-1:111122223333:function:cwsyn-flux-mock-health-0f0f0f0f:3" }
}

mock_resource "aws_sesv2_email_identity" {
  defaults = { dkim_signing_attributes = { tokens = ["one", "two", "three"] } }
}
