mock_provider "aws" {
  source = "./tests"
}

variables {
  environment   = "prod"
  function_name = "flux-prod-api"
  role_arn      = "arn:aws:iam::111122223333:role/flux-prod-api"
  package = {
    bucket = "flux-prod-packages-111122223333"
    key    = "api/6ca13d52ca70c883e0f0bb101e425a89e8624de51db2d2392593af6a84118090.zip"
  }
  environment_variables = {
    FLUX_ENV                = "production"
    DATABASE_URL            = "postgresql://flux-prod.proxy.example:5432/flux?sslmode=require"
    DATABASE_URL_SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf"
  }
  concurrency         = 40
  requests_per_second = 200
  private_subnet_ids  = ["subnet-0a", "subnet-0b"]
  security_group_id   = "sg-0lambda"
  logs_kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/66666666-2222-3333-4444-555555555555"
  web_origin          = "https://app.flux.example"
  domain_name         = "api.app.flux.example"
  hosted_zone_id      = "Z0123456789"
}

run "the_api_is_the_handler_of_api_zip_on_python_3_13_and_arm64" {
  assert {
    condition     = aws_lambda_function.this.handler == "flux.lambdas.api.handler" && aws_lambda_function.this.runtime == "python3.13" && aws_lambda_function.this.architectures == tolist(["arm64"])
    error_message = "The Lambda runs something else, or on something else than the package was built for."
  }
  assert {
    condition     = aws_lambda_function.this.s3_bucket == var.package.bucket && aws_lambda_function.this.s3_key == var.package.key && aws_lambda_function.this.filename == null
    error_message = "The Lambda has another zip than the one that was given."
  }
}

run "it_lives_in_the_private_subnets_and_only_in_the_lambdas_group" {
  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(var.private_subnet_ids) && aws_lambda_function.this.vpc_config[0].security_group_ids == toset(["sg-0lambda"])
    error_message = "The Lambda is outside the VPC, or reaches more than its group lets it."
  }
}

run "it_has_a_whole_processor_and_ends_before_the_http_api_gives_up" {
  assert {
    condition     = aws_lambda_function.this.memory_size == 1769
    error_message = "The API has a slice of a processor, and a cold start takes longer."
  }
  assert {
    condition     = aws_lambda_function.this.timeout * 1000 < aws_apigatewayv2_integration.lambda.timeout_milliseconds && aws_apigatewayv2_integration.lambda.timeout_milliseconds == 30000
    error_message = "The HTTP API gives up first, and nobody logs why."
  }
}

run "its_concurrency_is_set_aside_and_limited" {
  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 40
    error_message = "A rush could take all of the account's concurrency, or of the database's connections."
  }
}

run "what_is_called_is_the_alias_that_a_deploy_moves" {
  assert {
    condition     = aws_lambda_function.this.publish && aws_lambda_alias.live.name == "live" && aws_lambda_alias.live.function_version == "7"
    error_message = "No version is published, or the alias does not begin with it."
  }
  assert {
    condition     = aws_apigatewayv2_integration.lambda.integration_uri == aws_lambda_alias.live.invoke_arn && aws_lambda_permission.http.qualifier == "live"
    error_message = "Requests go past the alias, to code that was not let out yet."
  }
  assert {
    condition     = output.function == { name = "flux-prod-api", version = "7", alias = "live" }
    error_message = "A deploy is not told which alias to move to which version."
  }
  # A plan that moved it would let new code out before the schema is ready for it.
  assert {
    condition     = length(regexall("ignore_changes = \\[function_version, routing_config\\]", file("${path.module}/main.tf"))) == 1
    error_message = "Terraform would move the alias itself."
  }
}

run "only_requests_below_api_reach_it_and_only_from_this_http_api" {
  assert {
    condition     = aws_apigatewayv2_route.api.route_key == "ANY /api/{proxy+}" && aws_apigatewayv2_route.api.target == "integrations/${aws_apigatewayv2_integration.lambda.id}"
    error_message = "Another path leads to the Lambda, or /api does not."
  }
  assert {
    condition     = aws_lambda_permission.http.principal == "apigateway.amazonaws.com" && aws_lambda_permission.http.source_arn == "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/*/*/api/*"
    error_message = "Somebody else than this HTTP API may call the Lambda."
  }
  assert {
    condition     = aws_apigatewayv2_integration.lambda.payload_format_version == "2.0"
    error_message = "The handler reads events of version 2.0."
  }
}

run "it_has_a_name_of_its_own_and_no_other" {
  assert {
    condition     = aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "The API also answers by Amazon's name for it."
  }
  assert {
    condition     = aws_apigatewayv2_domain_name.this.domain_name == "api.app.flux.example" && aws_apigatewayv2_api_mapping.this.api_id == "a1b2c3d4e5" && aws_route53_record.this.name == "api.app.flux.example"
    error_message = "The API's name leads nowhere."
  }
  assert {
    condition     = aws_apigatewayv2_domain_name.this.domain_name_configuration[0].security_policy == "TLS_1_2" && aws_apigatewayv2_domain_name.this.domain_name_configuration[0].certificate_arn == aws_acm_certificate_validation.this.certificate_arn
    error_message = "Old TLS is spoken, or the certificate is used before it is valid."
  }
}

run "only_pages_of_the_web_app_may_call_and_without_cookies" {
  assert {
    condition     = aws_apigatewayv2_api.this.cors_configuration[0].allow_origins == toset(["https://app.flux.example"]) && !aws_apigatewayv2_api.this.cors_configuration[0].allow_credentials
    error_message = "Pages of another origin may call, or ours with the cookies of another name."
  }
}

run "too_many_requests_are_refused_before_they_cost" {
  assert {
    condition     = [for settings in aws_apigatewayv2_stage.this.default_route_settings : [settings.throttling_rate_limit, settings.throttling_burst_limit]] == [[200, 400]]
    error_message = "Nothing is throttled, or at another rate."
  }
}

run "every_request_is_logged_without_its_path" {
  assert {
    condition     = aws_apigatewayv2_stage.this.access_log_settings[0].destination_arn == aws_cloudwatch_log_group.access.arn
    error_message = "Requests are not logged."
  }
  assert {
    condition     = length(regexall("context\\.(path|rawPath|authorizer)|requestOverride", aws_apigatewayv2_stage.this.access_log_settings[0].format)) == 0 && can(jsondecode(aws_apigatewayv2_stage.this.access_log_settings[0].format).status)
    error_message = "The log has ids of restaurants and uploads in it, or not the status."
  }
}

run "logs_of_prod_are_encrypted_and_kept_for_a_year" {
  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.lambda, aws_cloudwatch_log_group.access] : group.retention_in_days == 365 && group.kms_key_id == var.logs_kms_key_arn])
    error_message = "A log group is not kept for a year, or not encrypted with our key."
  }
  assert {
    condition     = aws_cloudwatch_log_group.lambda.name == "/aws/lambda/flux-prod-api" && aws_lambda_function.this.logging_config[0].log_group == aws_cloudwatch_log_group.lambda.name
    error_message = "The Lambda writes where its role may not, or where nothing ends."
  }
}

run "logs_of_staging_are_kept_for_a_month" {
  variables {
    environment   = "staging"
    function_name = "flux-staging-api"
  }
  assert {
    condition     = aws_cloudwatch_log_group.lambda.retention_in_days == 30 && aws_cloudwatch_log_group.access.retention_in_days == 30
    error_message = "Logs of staging are not kept for 30 days."
  }
}

run "logs_of_dev_are_kept_for_a_fortnight" {
  variables {
    environment   = "dev"
    function_name = "flux-dev-api"
  }
  assert {
    condition     = aws_cloudwatch_log_group.lambda.retention_in_days == 14 && aws_cloudwatch_log_group.access.retention_in_days == 14
    error_message = "Logs of dev are not kept for 14 days."
  }
}

run "an_address_with_a_password_is_refused" {
  command = plan
  variables {
    environment_variables = { DATABASE_URL = "postgresql://flux_app:secret@flux-prod.proxy.example:5432/flux" }
  }
  expect_failures = [var.environment_variables]
}

run "a_secret_as_it_is_is_refused" {
  command = plan
  variables {
    environment_variables = { FLUX_JWT_KEYS = "{}" }
  }
  expect_failures = [var.environment_variables]
}

run "a_package_without_its_digest_is_refused" {
  command = plan
  variables {
    package = { bucket = "flux-prod-packages-111122223333", key = "api/latest.zip" }
  }
  expect_failures = [var.package]
}

run "other_wrong_inputs_are_refused_with_a_sentence" {
  command = plan
  variables {
    environment         = "test"
    function_name       = "api"
    role_arn            = "flux-prod-api"
    concurrency         = 0
    requests_per_second = 0
    private_subnet_ids  = ["subnet-0a"]
    security_group_id   = "default"
    logs_kms_key_arn    = "alias/flux"
    web_origin          = "https://*"
    domain_name         = "https://api.flux.example"
    hosted_zone_id      = "flux.example"
  }
  expect_failures = [
    var.environment, var.function_name, var.role_arn, var.concurrency, var.requests_per_second, var.private_subnet_ids,
    var.security_group_id, var.logs_kms_key_arn, var.web_origin, var.domain_name, var.hosted_zone_id,
  ]
}
