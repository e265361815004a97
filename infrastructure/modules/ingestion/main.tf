# The Lambdas that nobody waits for: ingest reads a file that came, sweep what was left behind, mail sends letters,
# and migrate is called by a deploy. events.tf has what calls the first three.

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  name = "flux-${var.environment}"

  log_days = { dev = 14, staging = 30, prod = 365 }[var.environment]

  functions = {
    # Two processors: one thread reads the file while another loads what was read. On the disk lie a file of up to
    # 2 GiB, what it unpacks to, and its lines in order.
    ingest = {
      says       = "Reads a file that came into the database", package = var.packages.ingest_key
      memory_mib = 3538, timeout_seconds = 900, disk_mib = 10240, concurrency = var.concurrency
    }
    # It may have to read a file itself, so it is as big. One at a time: two would look for the same.
    sweep = {
      says       = "Takes up what no event told of, or a crash left behind", package = var.packages.ingest_key
      memory_mib = 3538, timeout_seconds = 900, disk_mib = 10240, concurrency = 1
    }
    mail = {
      says       = "Sends the letters that are due", package = var.packages.api_key
      memory_mib = 512, timeout_seconds = 120, disk_mib = 512, concurrency = 1
    }
    migrate = {
      says       = "Brings roles, schema and row-level security up to date", package = var.packages.api_key
      memory_mib = 1024, timeout_seconds = 900, disk_mib = 512, concurrency = 1
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:a year in prod; nobody looks into last year's tests
  for_each = local.functions

  name              = "/aws/lambda/${var.function_names[each.key]}"
  retention_in_days = local.log_days
  kms_key_id        = var.logs_kms_key_arn
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:no tracing: what is done to an upload stands in its row and in the log
  #checkov:skip=CKV_AWS_116:ingest has one; the clock calls sweep and mail again, and a deploy waits for migrate
  #checkov:skip=CKV_AWS_173:no secret stands in the environment, only where each is
  #checkov:skip=CKV_AWS_272:the zip is named by its SHA-256, and attested when it is built
  for_each = local.functions

  function_name = var.function_names[each.key]
  description   = each.value.says
  role          = var.role_arns[each.key]

  s3_bucket     = var.packages.bucket
  s3_key        = each.value.package
  handler       = "flux.lambdas.${each.key}.handler"
  runtime       = "python3.13"
  architectures = ["arm64"]
  publish       = true

  memory_size                    = each.value.memory_mib
  timeout                        = each.value.timeout_seconds
  reserved_concurrent_executions = each.value.concurrency

  ephemeral_storage {
    size = each.value.disk_mib
  }

  environment {
    variables = var.environment_variables[each.key]
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = [var.security_group_id]
  }

  logging_config {
    log_format = "Text" # the application's lines are JSON already
    log_group  = aws_cloudwatch_log_group.this[each.key].name
  }

  dynamic "dead_letter_config" {
    for_each = each.key == "ingest" ? [aws_sqs_queue.dead_letters.arn] : []

    content {
      target_arn = dead_letter_config.value
    }
  }
}

# What is called is the alias. A deploy publishes versions, calls the new migrate by its version, and moves the
# aliases when the schema is ready for them.
resource "aws_lambda_alias" "live" {
  for_each = toset(["ingest", "sweep", "mail"])

  name             = "live"
  description      = "The version that works; moved by a deploy, not by Terraform"
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = aws_lambda_function.this[each.key].version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}
