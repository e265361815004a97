# Made-up answers in the shape of the real ones, for the computed values that other resources are built from.

mock_resource "aws_lambda_function" {
  defaults = { version = "7" }
}

mock_resource "aws_lambda_alias" {
  defaults = { invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:flux-prod-api:live/invocations" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:mock" }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = { id = "a1b2c3d4e5", execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5" }
}

mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:eu-central-1:111122223333:certificate/mock"
    domain_validation_options = [{
      domain_name           = "api.app.flux.example"
      resource_record_name  = "_check.api.app.flux.example"
      resource_record_type  = "CNAME"
      resource_record_value = "_answer.acm-validations.aws"
    }]
  }
}

mock_resource "aws_acm_certificate_validation" {
  defaults = { certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/mock" }
}

mock_resource "aws_apigatewayv2_domain_name" {
  defaults = {
    domain_name_configuration = {
      hosted_zone_id     = "ZMOCK"
      target_domain_name = "d-mock.execute-api.eu-central-1.amazonaws.com"
    }
  }
}
