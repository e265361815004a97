mock_provider "aws" {
  source = "./tests"
}

mock_provider "archive" {}

variables {
  environment        = "prod"
  alarm_emails       = ["kitchen@flux.example", "night@flux.example"]
  monthly_budget_usd = 900
  web_url            = "https://app.flux.example"
  http_api_id        = "a1b2c3d4e5"
  functions = {
    api     = { name = "flux-prod-api", timeout_seconds = 29 }
    ingest  = { name = "flux-prod-ingest", timeout_seconds = 900 }
    mail    = { name = "flux-prod-mail", timeout_seconds = 120 }
    migrate = { name = "flux-prod-migrate", timeout_seconds = 900 }
    sweep   = { name = "flux-prod-sweep", timeout_seconds = 900 }
  }
  dead_letter_queue_name   = "flux-prod-ingest-dead"
  logs_bucket              = "flux-prod-logs-111122223333"
  logs_kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/66666666-2222-3333-4444-555555555555"
  permissions_boundary_arn = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload-boundary"
}

run "every_alarm_tells_the_topic_and_the_topic_tells_everybody" {
  assert {
    condition = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.above), values(aws_cloudwatch_metric_alarm.silent), [aws_cloudwatch_metric_alarm.canary]) :
      alarm.alarm_actions == toset([output.alarm_topic_arn]) && alarm.ok_actions == toset([output.alarm_topic_arn]) && length(alarm.alarm_description) > 20
    ])
    error_message = "An alarm tells nobody, does not say when it is over, or says nothing."
  }
  assert {
    condition     = output.alarm_topic_arn == aws_sns_topic.alarms.arn && { for who, subscription in aws_sns_topic_subscription.alarms : who => "${subscription.protocol} ${subscription.endpoint} ${subscription.topic_arn == aws_sns_topic.alarms.arn}" } == { for who in var.alarm_emails : who => "email ${who} true" }
    error_message = "Somebody who should be told is not."
  }
}

run "the_topic_is_encrypted_and_takes_messages_of_this_account_alone" {
  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == var.logs_kms_key_arn
    error_message = "The topic is not encrypted with the key that admits alarms."
  }
  assert {
    condition = { for statement in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : statement.Sid => jsonencode(statement.Condition) } == {
      Alarms           = jsonencode({ StringEquals = { "aws:SourceAccount" = "111122223333" } })
      EventsOfTheCache = jsonencode({ StringEquals = { "AWS:SourceOwner" = "111122223333" } })
      RefusePlainHttp  = jsonencode({ Bool = { "aws:SecureTransport" = "false" } })
    }
    error_message = "Another account may write to the topic, or somebody by plain HTTP."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : statement.Action == "sns:Publish" && statement.Resource == output.alarm_topic_arn])
    error_message = "Somebody may do more with the topic than write to it."
  }
}

run "five_server_errors_in_five_minutes_are_an_alarm" {
  assert {
    condition     = [for a in [aws_cloudwatch_metric_alarm.above["api-5xx"]] : "${a.namespace} ${a.metric_name} ${a.dimensions.ApiId} ${a.statistic} > ${a.threshold} in ${a.period}"] == ["AWS/ApiGateway 5xx a1b2c3d4e5 Sum > 4 in 300"]
    error_message = "Errors of the API wake nobody."
  }
}

run "a_slow_api_is_an_alarm" {
  assert {
    condition     = [for a in [aws_cloudwatch_metric_alarm.above["api-slow"]] : "${a.metric_name} ${a.dimensions.ApiId} ${a.extended_statistic} > ${a.threshold}, ${a.datapoints_to_alarm} of ${a.evaluation_periods} times ${a.period}"] == ["Latency a1b2c3d4e5 p99 > 3000, 3 of 3 times 300"]
    error_message = "A slow API wakes nobody."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.above["api-slow"].statistic == null
    error_message = "A percentile and a statistic exclude each other."
  }
}

run "a_lambda_that_fails_or_nearly_runs_out_of_time_is_an_alarm" {
  assert {
    condition     = alltrue([for name, given in var.functions : aws_cloudwatch_metric_alarm.above["${name}-errors"].dimensions.FunctionName == given.name && aws_cloudwatch_metric_alarm.above["${name}-errors"].metric_name == "Errors" && aws_cloudwatch_metric_alarm.above["${name}-errors"].threshold == 0])
    error_message = "A Lambda may fail unheard."
  }
  assert {
    condition     = { for name, given in var.functions : name => aws_cloudwatch_metric_alarm.above["${name}-duration"].threshold } == { api = 23200, ingest = 720000, mail = 96000, migrate = 720000, sweep = 720000 }
    error_message = "An alarm comes after the Lambda was stopped, or for nothing."
  }
}

run "requests_and_files_that_find_no_place_are_an_alarm" {
  assert {
    condition     = alltrue([for name in ["api", "ingest"] : aws_cloudwatch_metric_alarm.above["${name}-throttled"].metric_name == "Throttles" && aws_cloudwatch_metric_alarm.above["${name}-throttled"].dimensions.FunctionName == "flux-prod-${name}" && aws_cloudwatch_metric_alarm.above["${name}-throttled"].threshold == 0])
    error_message = "Throttling goes unheard."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.above["ingest-waiting"].metric_name == "AsyncEventAge" && aws_cloudwatch_metric_alarm.above["ingest-waiting"].threshold == 600000
    error_message = "A file may wait for longer than ten minutes unheard."
  }
}

run "one_dead_letter_is_an_alarm_within_a_minute" {
  assert {
    condition     = [for a in [aws_cloudwatch_metric_alarm.above["ingest-dead"]] : "${a.namespace} ${a.metric_name} ${a.dimensions.QueueName} ${a.statistic} > ${a.threshold} in ${a.period}"] == ["AWS/SQS ApproximateNumberOfMessagesVisible flux-prod-ingest-dead Maximum > 0 in 60"]
    error_message = "An upload may be given up unheard."
  }
}

run "a_clock_that_stands_still_is_an_alarm" {
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.silent) == ["mail", "sweep"] && alltrue([for name, a in aws_cloudwatch_metric_alarm.silent : a.metric_name == "Invocations" && a.dimensions.FunctionName == "flux-prod-${name}" && a.threshold == 1 && a.comparison_operator == "LessThanThreshold" && a.treat_missing_data == "breaching"])
    error_message = "What is not called makes no errors, and nobody hears of it."
  }
}

run "the_canary_opens_the_page_and_the_health_check_every_five_minutes" {
  assert {
    condition     = aws_synthetics_canary.health.start_canary && aws_synthetics_canary.health.schedule[0].expression == "rate(5 minutes)" && aws_synthetics_canary.health.run_config[0].environment_variables.WEB_URL == "https://app.flux.example"
    error_message = "The canary does not run, or looks somewhere else."
  }
  # What its code does is tried in ../../tests/test_edge.py.
  assert {
    condition     = [for source in data.archive_file.canary.source : "${source.filename} ${source.content == file("${path.module}/canary.js")}"] == ["nodejs/node_modules/canary.js true"] && aws_synthetics_canary.health.handler == "canary.handler"
    error_message = "The canary runs something else."
  }
  assert {
    condition     = [for a in [aws_cloudwatch_metric_alarm.canary] : "${a.metric_name} ${a.dimensions.CanaryName} ${a.comparison_operator} ${a.threshold}, ${a.datapoints_to_alarm} of ${a.evaluation_periods}, missing: ${a.treat_missing_data}"] == ["SuccessPercent flux-prod-health LessThanThreshold 100, 2 of 3, missing: breaching"]
    error_message = "A failing or a dead canary wakes nobody."
  }
}

run "the_canary_can_tell_what_it_saw_and_nothing_else" {
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.canary.policy).Statement : s.Sid => "${s.Effect} ${join(" ", s.Action)} on ${join(" ", s.Resource)}" } == {
      KeepWhatItSaw = "Allow s3:PutObject on arn:aws:s3:::flux-prod-logs-111122223333/canary/*"
      FindTheBucket = "Allow s3:GetBucketLocation on arn:aws:s3:::flux-prod-logs-111122223333"
      WriteItsLog   = "Allow logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/cwsyn-flux-prod-health-*:*"
      SayHowItWent  = "Allow cloudwatch:PutMetricData on *"
    }
    error_message = "The canary may do something that is not in this list, or less."
  }
  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.canary.policy).Statement : s.Condition.StringEquals["cloudwatch:namespace"] if s.Sid == "SayHowItWent"] == ["CloudWatchSynthetics"]
    error_message = "The canary may make up other metrics."
  }
  assert {
    condition     = aws_iam_role.canary.permissions_boundary == var.permissions_boundary_arn && [for s in jsondecode(aws_iam_role.canary.assume_role_policy).Statement : s.Principal] == [{ Service = "lambda.amazonaws.com" }]
    error_message = "The role is outside the boundary, or somebody else may take it."
  }
}

run "the_canarys_log_is_encrypted_and_kept_for_a_year" {
  assert {
    condition     = aws_cloudwatch_log_group.canary.name == "/aws/lambda/cwsyn-flux-prod-health-0f0f0f0f" && aws_cloudwatch_log_group.canary.retention_in_days == 365 && aws_cloudwatch_log_group.canary.kms_key_id == var.logs_kms_key_arn
    error_message = "The canary's log has no end, another name than Lambda writes to, or another key."
  }
}

run "staging_keeps_the_canarys_log_for_a_month" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = aws_cloudwatch_log_group.canary.retention_in_days == 30 && aws_synthetics_canary.health.name == "flux-staging-health"
    error_message = "Logs of staging are not kept for 30 days, or its canary does not say whose it is."
  }
}

run "dev_keeps_the_canarys_log_for_a_fortnight" {
  variables {
    environment = "dev"
  }
  assert {
    condition     = aws_cloudwatch_log_group.canary.retention_in_days == 14 && aws_budgets_budget.month.name == "flux-dev-month"
    error_message = "Logs of dev are not kept for 14 days, or its budget does not say whose it is."
  }
}

run "the_budget_speaks_up_before_the_month_is_over" {
  assert {
    condition     = aws_budgets_budget.month.limit_amount == "900" && aws_budgets_budget.month.limit_unit == "USD" && aws_budgets_budget.month.time_unit == "MONTHLY"
    error_message = "The budget is another one."
  }
  assert {
    condition     = toset([for filter in aws_budgets_budget.month.cost_filter : "${filter.name} ${join(" ", filter.values)}"]) == toset(["TagKeyValue user:Environment$prod"])
    error_message = "The budget counts what another environment costs."
  }
  assert {
    condition     = toset([for n in aws_budgets_budget.month.notification : "${n.notification_type} ${n.threshold} ${length(n.subscriber_email_addresses)}"]) == toset(["ACTUAL 80 2", "FORECASTED 100 2"])
    error_message = "Nobody is told in time."
  }
}

run "one_look_shows_canary_api_lambdas_queue_database_and_cache" {
  assert {
    condition = alltrue([for word in ["SuccessPercent", "5xx", "Latency", "ConcurrentExecutions", "flux-prod-ingest-dead", "alarm:flux-prod-database-cpu", "alarm:flux-prod-database-connections", "alarm:flux-prod-database-storage", "DatabaseMemoryUsagePercentage"] :
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, word)
    ])
    error_message = "The dashboard lacks something."
  }
  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : widget.properties.region == "eu-central-1" && widget.x + widget.width <= 24])
    error_message = "A graph is of another region, or outside the dashboard."
  }
}

run "a_deploy_is_taken_back_by_alarms_that_there_are" {
  assert {
    condition     = output.deploy_alarm_names == ["flux-prod-api-5xx", "flux-prod-api-errors", "flux-prod-ingest-errors", "flux-prod-ingest-dead"]
    error_message = "A deploy listens to other alarms."
  }
}

run "wrong_inputs_are_refused_with_a_sentence" {
  command = plan
  variables {
    environment              = "test"
    alarm_emails             = []
    monthly_budget_usd       = 1.5
    web_url                  = "http://app.flux.example"
    http_api_id              = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
    functions                = { api = { name = "flux-prod-api", timeout_seconds = 29 } }
    dead_letter_queue_name   = "arn:aws:sqs:eu-central-1:111122223333:flux-prod-ingest-dead"
    logs_bucket              = "arn:aws:s3:::flux-prod-logs"
    logs_kms_key_arn         = "alias/flux"
    permissions_boundary_arn = "boundary"
  }
  expect_failures = [
    var.environment, var.alarm_emails, var.monthly_budget_usd, var.web_url, var.http_api_id, var.functions,
    var.dead_letter_queue_name, var.logs_bucket, var.logs_kms_key_arn, var.permissions_boundary_arn,
  ]
}
