# What calls the Lambdas, and what becomes of a call that fails.

locals {
  # An event that was not dealt with is brought again, by Lambda itself, after one minute and after two more.
  # A sweep or a round of letters that failed is not: the clock calls again.
  retries = {
    ingest = { attempts = 2, max_age_seconds = 21600 } # 6 h: with all places taken, a file waits in line
    sweep  = { attempts = 0, max_age_seconds = 60 }
    mail   = { attempts = 0, max_age_seconds = 60 }
  }

  clock = {
    sweep = "rate(5 minutes)"
    mail  = "rate(1 minute)" # somebody waits for the link
  }

  queue_name = "${local.name}-ingest-dead"
  queue_arn  = "arn:${data.aws_partition.this.partition}:sqs:${data.aws_region.this.region}:${data.aws_caller_identity.this.account_id}:${local.queue_name}"
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = var.app_data_bucket

  lambda_function {
    id                  = "ingest"
    lambda_function_arn = aws_lambda_alias.live["ingest"].arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = var.uploads_prefix
  }

  # S3 tries whether it may call.
  depends_on = [aws_lambda_permission.uploads]
}

resource "aws_lambda_permission" "uploads" {
  statement_id   = "AllowUploads"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this["ingest"].function_name
  qualifier      = aws_lambda_alias.live["ingest"].name
  principal      = "s3.amazonaws.com"
  source_arn     = var.app_data_bucket_arn
  source_account = data.aws_caller_identity.this.account_id
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = local.retries

  function_name                = aws_lambda_function.this[each.key].function_name
  qualifier                    = aws_lambda_alias.live[each.key].name
  maximum_retry_attempts       = each.value.attempts
  maximum_event_age_in_seconds = each.value.max_age_seconds
}

# An event that was given up, as S3 wrote it: called with it once more, ingest takes the file up. The upload's row is
# there all the while, so nothing is lost with a message.
resource "aws_sqs_queue" "dead_letters" {
  name                              = local.queue_name
  message_retention_seconds         = 1209600 # 14 days, the most there is
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 3600
}

resource "aws_sqs_queue_policy" "dead_letters" {
  queue_url = aws_sqs_queue.dead_letters.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RefusePlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = local.queue_arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_cloudwatch_event_rule" "clock" {
  for_each = local.clock

  name                = "${local.name}-${each.key}"
  description         = "Calls the Lambda ${each.key}"
  schedule_expression = each.value
}

resource "aws_cloudwatch_event_target" "clock" {
  for_each = local.clock

  rule = aws_cloudwatch_event_rule.clock[each.key].name
  arn  = aws_lambda_alias.live[each.key].arn
}

resource "aws_lambda_permission" "clock" {
  for_each = local.clock

  statement_id  = "AllowClock"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.clock[each.key].arn
}
