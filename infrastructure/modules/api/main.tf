# The Lambda. http.tf has the way to it.

locals {
  name = "flux-${var.environment}"

  log_days = { dev = 14, staging = 30, prod = 365 }[var.environment]

  memory_mib      = 1769 # one whole processor, and not a slice of one
  timeout_seconds = 29   # so that it is the Lambda that ends and says so, not the HTTP API after 30
}

resource "aws_cloudwatch_log_group" "lambda" {
  #checkov:skip=CKV_AWS_338:a year in prod; nobody looks into last year's tests
  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = local.log_days
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:no tracing: each request is logged once, with an id that its answer carries
  #checkov:skip=CKV_AWS_116:somebody waits for the answer, so there is nothing to try again later
  #checkov:skip=CKV_AWS_173:no secret stands in the environment, only where each is
  #checkov:skip=CKV_AWS_272:the zip is named by its SHA-256, and attested when it is built
  function_name = var.function_name
  description   = "The API of ${local.name}"
  role          = var.role_arn

  s3_bucket     = var.package.bucket
  s3_key        = var.package.key
  handler       = "flux.lambdas.api.handler"
  runtime       = "python3.13"
  architectures = ["arm64"]
  publish       = true

  memory_size                    = local.memory_mib
  timeout                        = local.timeout_seconds
  reserved_concurrent_executions = var.concurrency

  environment {
    variables = var.environment_variables
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = [var.security_group_id]
  }

  logging_config {
    log_format = "Text" # the application's lines are JSON already
    log_group  = aws_cloudwatch_log_group.lambda.name
  }
}

# What is called is the alias. A deploy publishes a version, and moves the alias when the schema is ready for it.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that answers; moved by a deploy, not by Terraform"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}
