mock_provider "aws" {
  source = "./tests"
}

variables {
  environment = "prod"
  function_names = {
    api = "flux-prod-api", ingest = "flux-prod-ingest", mail = "flux-prod-mail", migrate = "flux-prod-migrate", sweep = "flux-prod-sweep"
  }
  role_arns = {
    api     = "arn:aws:iam::111122223333:role/flux-prod-api"
    ingest  = "arn:aws:iam::111122223333:role/flux-prod-ingest"
    mail    = "arn:aws:iam::111122223333:role/flux-prod-mail"
    migrate = "arn:aws:iam::111122223333:role/flux-prod-migrate"
    sweep   = "arn:aws:iam::111122223333:role/flux-prod-sweep"
  }
  packages = {
    bucket     = "flux-prod-packages-111122223333"
    ingest_key = "ingest/6ca13d52ca70c883e0f0bb101e425a89e8624de51db2d2392593af6a84118090.zip"
    api_key    = "api/0a041b9462caa4a31bac3567e0b6e6fd9100787db2ab433d96f6d178cabfce90.zip"
  }
  environment_variables = {
    ingest  = { FLUX_ENV = "production" }
    sweep   = { FLUX_ENV = "production" }
    mail    = { FLUX_ENV = "production", FLUX_MAIL_FROM = "Flux <no-reply@flux.example>" }
    migrate = { FLUX_ENV = "production" }
  }
  concurrency         = 12
  app_data_bucket     = "flux-prod-app-data-111122223333"
  app_data_bucket_arn = "arn:aws:s3:::flux-prod-app-data-111122223333"
  uploads_prefix      = "uploads/"
  private_subnet_ids  = ["subnet-0a", "subnet-0b"]
  security_group_id   = "sg-0lambda"
  kms_key_arn         = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  logs_kms_key_arn    = "arn:aws:kms:eu-central-1:111122223333:key/66666666-2222-3333-4444-555555555555"
}

run "ingestion_has_two_processors_a_quarter_of_an_hour_and_room_for_the_largest_file" {
  assert {
    condition     = aws_lambda_function.this["ingest"].memory_size == 3538 && aws_lambda_function.this["ingest"].timeout == 900
    error_message = "A large file would not be read in time."
  }
  # 2 GiB as it came, the same unpacked, its lines in order, and what was refused.
  assert {
    condition     = aws_lambda_function.this["ingest"].ephemeral_storage[0].size == 10240
    error_message = "A large file would fill the disk."
  }
}

run "only_so_many_files_are_read_at_once" {
  assert {
    condition     = aws_lambda_function.this["ingest"].reserved_concurrent_executions == 12
    error_message = "A rush of files could take all of the database's connections."
  }
  assert {
    condition     = alltrue([for name in ["sweep", "mail", "migrate"] : aws_lambda_function.this[name].reserved_concurrent_executions == 1])
    error_message = "Two sweeps, two rounds of letters or two migrations could run at once."
  }
}

run "every_file_that_comes_below_uploads_calls_ingestion_and_no_other_does" {
  assert {
    condition = aws_s3_bucket_notification.uploads.bucket == "flux-prod-app-data-111122223333" && [
      for call in aws_s3_bucket_notification.uploads.lambda_function : "${join(" ", call.events)} ${call.filter_prefix} ${call.lambda_function_arn}" if call.filter_suffix == null
    ] == ["s3:ObjectCreated:* uploads/ ${aws_lambda_alias.live["ingest"].arn}"]
    error_message = "A file that comes calls nobody, or another file calls ingestion."
  }
  assert {
    condition = alltrue([
      aws_lambda_permission.uploads.principal == "s3.amazonaws.com", aws_lambda_permission.uploads.qualifier == "live",
      aws_lambda_permission.uploads.source_arn == "arn:aws:s3:::flux-prod-app-data-111122223333", aws_lambda_permission.uploads.source_account == "111122223333",
    ])
    error_message = "Another bucket, or another account's, may call ingestion."
  }
}

run "an_event_is_tried_three_times_and_then_kept_for_a_fortnight" {
  assert {
    condition     = aws_lambda_function_event_invoke_config.this["ingest"].maximum_retry_attempts == 2 && aws_lambda_function_event_invoke_config.this["ingest"].qualifier == "live"
    error_message = "An event is not tried three times."
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.this["ingest"].maximum_event_age_in_seconds == 21600
    error_message = "With all places taken, a file does not wait its turn."
  }
  assert {
    condition     = aws_lambda_function.this["ingest"].dead_letter_config[0].target_arn == aws_sqs_queue.dead_letters.arn && aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "An event that was given up is lost, or soon."
  }
}

run "the_dead_letter_queue_is_encrypted_with_our_key_and_refuses_plain_http" {
  assert {
    condition     = aws_sqs_queue.dead_letters.kms_master_key_id == var.kms_key_arn
    error_message = "The queue is not encrypted with the key that was given."
  }
  assert {
    condition = [for statement in jsondecode(aws_sqs_queue_policy.dead_letters.policy).Statement : "${statement.Effect} ${statement.Action} ${try(statement.Condition.Bool["aws:SecureTransport"], "")}"] == [
      "Deny sqs:* false"
    ]
    error_message = "The queue answers plain HTTP, or lets in somebody whom no role names."
  }
  assert {
    condition     = output.dead_letter_queue_arn == aws_sqs_queue.dead_letters.arn && output.dead_letter_queue_name == aws_sqs_queue.dead_letters.name
    error_message = "The role of ingest, or the alarm, is told of another queue."
  }
}

run "the_sweep_comes_every_five_minutes_and_letters_leave_every_minute" {
  assert {
    condition     = { for name, rule in aws_cloudwatch_event_rule.clock : name => rule.schedule_expression } == { sweep = "rate(5 minutes)", mail = "rate(1 minute)" }
    error_message = "Somebody waits too long for what was left behind, or for a letter."
  }
  assert {
    condition     = alltrue([for name, target in aws_cloudwatch_event_target.clock : target.arn == aws_lambda_alias.live[name].arn && target.rule == aws_cloudwatch_event_rule.clock[name].name])
    error_message = "The clock calls somebody else."
  }
  assert {
    condition     = alltrue([for name, permission in aws_lambda_permission.clock : permission.principal == "events.amazonaws.com" && permission.qualifier == "live" && permission.source_arn == aws_cloudwatch_event_rule.clock[name].arn])
    error_message = "The clock may not call, or every clock may."
  }
  # One that failed or found no place is not brought again: the next is due already.
  assert {
    condition     = alltrue([for name in ["sweep", "mail"] : aws_lambda_function_event_invoke_config.this[name].maximum_retry_attempts == 0 && aws_lambda_function_event_invoke_config.this[name].maximum_event_age_in_seconds == 60])
    error_message = "Old calls of the clock pile up."
  }
}

run "each_lambda_is_its_handler_of_its_zip_on_python_3_13_and_arm64" {
  assert {
    condition = { for name, function in aws_lambda_function.this : name => [function.handler, function.s3_key] } == {
      ingest  = ["flux.lambdas.ingest.handler", var.packages.ingest_key]
      sweep   = ["flux.lambdas.sweep.handler", var.packages.ingest_key]
      mail    = ["flux.lambdas.mail.handler", var.packages.api_key]
      migrate = ["flux.lambdas.migrate.handler", var.packages.api_key]
    }
    error_message = "A Lambda runs something else, or from another zip."
  }
  assert {
    condition     = alltrue([for function in aws_lambda_function.this : function.runtime == "python3.13" && function.architectures == tolist(["arm64"])])
    error_message = "A Lambda runs on something else than the package was built for."
  }
}

run "each_lambda_has_its_own_name_role_and_variables" {
  assert {
    condition     = alltrue([for name, function in aws_lambda_function.this : function.function_name == var.function_names[name] && function.role == var.role_arns[name] && function.environment[0].variables == tomap(var.environment_variables[name])])
    error_message = "A Lambda has the name, the role or the variables of another."
  }
}

run "all_live_in_the_private_subnets_and_only_in_the_lambdas_group" {
  assert {
    condition     = alltrue([for function in aws_lambda_function.this : function.vpc_config[0].subnet_ids == toset(var.private_subnet_ids) && function.vpc_config[0].security_group_ids == toset(["sg-0lambda"])])
    error_message = "A Lambda is outside the VPC, or reaches more than its group lets it."
  }
}

run "what_works_is_the_alias_that_a_deploy_moves" {
  assert {
    condition     = alltrue([for function in aws_lambda_function.this : function.publish]) && keys(aws_lambda_alias.live) == ["ingest", "mail", "sweep"]
    error_message = "A Lambda publishes no version, or has no alias."
  }
  assert {
    condition     = output.functions["ingest"] == { name = "flux-prod-ingest", version = "7", alias = "live" } && output.functions["migrate"].version == "7" && output.functions["migrate"].alias == null
    error_message = "A deploy is not told which alias to move to which version, or which migrate to call."
  }
  assert {
    condition     = length(regexall("ignore_changes = \\[function_version, routing_config\\]", file("${path.module}/main.tf"))) == 1
    error_message = "Terraform would move the aliases itself."
  }
}

run "logs_of_prod_are_encrypted_and_kept_for_a_year" {
  assert {
    condition     = alltrue([for name, group in aws_cloudwatch_log_group.this : group.retention_in_days == 365 && group.kms_key_id == var.logs_kms_key_arn && group.name == "/aws/lambda/flux-prod-${name}"])
    error_message = "A log group is not kept for a year, not encrypted with our key, or not where its role may write."
  }
  assert {
    condition     = alltrue([for name, function in aws_lambda_function.this : function.logging_config[0].log_group == aws_cloudwatch_log_group.this[name].name])
    error_message = "A Lambda writes somewhere else."
  }
}

run "logs_of_staging_are_kept_for_a_month" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 30])
    error_message = "Logs of staging are not kept for 30 days."
  }
}

run "logs_of_dev_are_kept_for_a_fortnight" {
  variables {
    environment = "dev"
  }
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 14])
    error_message = "Logs of dev are not kept for 14 days."
  }
}

run "an_address_with_a_password_is_refused" {
  command = plan
  variables {
    environment_variables = {
      ingest = { DATABASE_URL = "postgresql://flux_app:secret@flux-prod.proxy.example:5432/flux" }, sweep = {}, mail = {}, migrate = {}
    }
  }
  expect_failures = [var.environment_variables]
}

run "other_wrong_inputs_are_refused_with_a_sentence" {
  command = plan
  variables {
    environment         = "test"
    function_names      = { ingest = "flux-prod-ingest" }
    role_arns           = { ingest = "arn:aws:iam::111122223333:role/flux-prod-ingest" }
    packages            = { bucket = "flux-prod-packages", ingest_key = "ingest.zip", api_key = "api.zip" }
    concurrency         = 0
    app_data_bucket     = "arn:aws:s3:::flux-prod-app-data"
    app_data_bucket_arn = "flux-prod-app-data"
    uploads_prefix      = ""
    private_subnet_ids  = ["subnet-0a"]
    security_group_id   = "default"
    kms_key_arn         = "alias/flux"
    logs_kms_key_arn    = "alias/flux"
  }
  expect_failures = [
    var.environment, var.function_names, var.role_arns, var.packages, var.concurrency, var.app_data_bucket, var.app_data_bucket_arn, var.uploads_prefix,
    var.private_subnet_ids, var.security_group_id, var.kms_key_arn, var.logs_kms_key_arn,
  ]
}

run "a_lambda_without_its_variables_is_refused" {
  command = plan
  variables {
    environment_variables = { ingest = {} }
  }
  expect_failures = [var.environment_variables]
}
