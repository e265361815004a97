mock_provider "aws" {
  source = "./tests"
}

variables {
  environment                 = "prod"
  vpc_id                      = "vpc-0123456789abcdef0"
  endpoints_security_group_id = "sg-0e0e0e0e0e0e0e0e0"
  s3_prefix_list_id           = "pl-6ea54007"
  app_data_bucket_arn         = "arn:aws:s3:::flux-prod-app-data"
  uploads_prefix              = "uploads/"
  redis_url_secret_arn        = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/redis-url-AbCdEf"
  admin_secret_arn            = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c-AbCdEf"
  dead_letter_queue_arn       = "arn:aws:sqs:eu-central-1:111122223333:flux-prod-ingest-dead"
  mail_identity_arn           = "arn:aws:ses:eu-central-1:111122223333:identity/example.com"
  mail_from_address           = "no-reply@example.com"
  permissions_boundary_arn    = "arn:aws:iam::111122223333:policy/bootstrap/flux-prod-workload"
}

override_resource {
  target = aws_kms_key.data
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/data", key_id = "data" }
}

override_resource {
  target = aws_kms_key.logs
  values = { arn = "arn:aws:kms:eu-central-1:111122223333:key/logs", key_id = "logs" }
}

override_resource {
  target = aws_secretsmanager_secret.this["database/app"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["database/owner"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/owner-AbCdEf" }
}

override_resource {
  target = aws_secretsmanager_secret.this["jwt-keys"]
  values = { arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/jwt-keys-AbCdEf" }
}

override_resource {
  target = aws_security_group.this["lambda"]
  values = { id = "sg-0a0a0a0a0a0a0a0a0" }
}

override_resource {
  target = aws_security_group.this["database"]
  values = { id = "sg-0d0d0d0d0d0d0d0d0" }
}

override_resource {
  target = aws_security_group.this["cache"]
  values = { id = "sg-0c0c0c0c0c0c0c0c0" }
}

run "the_api_stores_and_reads_uploads_and_reads_its_own_three_secrets" {
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this["api"].policy).Statement : s.Sid => "${join(" ", s.Action)} on ${join(" ", s.Resource)}" if s.Effect == "Allow" && s.Sid != "LetTheServiceJoinTheVpc" } == {
      ReadItsSecrets           = "secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/jwt-keys-AbCdEf arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/redis-url-AbCdEf"
      SeeThatNoFileCame        = "s3:ListBucket on arn:aws:s3:::flux-prod-app-data"
      StoreAndReadUploads      = "s3:GetObject s3:ListMultipartUploadParts s3:PutObject on arn:aws:s3:::flux-prod-app-data/uploads/*"
      UseTheKeyThroughServices = "kms:Decrypt kms:GenerateDataKey on arn:aws:kms:eu-central-1:111122223333:key/data"
      WriteItsLog              = "logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/flux-prod-api:*"
    }
    error_message = "The role api may do something that is not in this list, do it to something else, or lacks something."
  }
}

run "the_api_cannot_delete_files_send_mail_or_start_lambdas" {
  assert {
    condition     = length(setintersection(toset(flatten([for s in jsondecode(aws_iam_role_policy.this["api"].policy).Statement : s.Action if s.Effect == "Allow"])), ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl", "s3:PutBucketPolicy", "ses:SendEmail", "ses:SendRawEmail", "lambda:InvokeFunction", "sqs:SendMessage", "sqs:ReceiveMessage", "secretsmanager:PutSecretValue", "secretsmanager:ListSecrets"])) == 0
    error_message = "The role api may do something that is forbidden to it."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.this["api"].policy).Statement : alltrue([for a in flatten([s.Action]) : s.Effect != "Allow" || !can(regex("^(iam|sts|rds|dynamodb|organizations|ssm|cloudformation):", a))])])
    error_message = "The role api may change rights, servers or other roles."
  }

  assert {
    condition     = length(regexall("secret:[^\"]*(owner|rds!)", aws_iam_role_policy.this["api"].policy)) == 0
    error_message = "The role api may read a secret that is another's."
  }
}

run "ingestion_reads_uploads_and_can_give_up" {
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this["ingest"].policy).Statement : s.Sid => "${join(" ", s.Action)} on ${join(" ", s.Resource)}" if s.Effect == "Allow" && s.Sid != "LetTheServiceJoinTheVpc" } == {
      GiveUp                   = "sqs:SendMessage on arn:aws:sqs:eu-central-1:111122223333:flux-prod-ingest-dead"
      ReadItsSecret            = "secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf"
      ReadUploads              = "s3:GetObject on arn:aws:s3:::flux-prod-app-data/uploads/*"
      UseTheKeyThroughServices = "kms:Decrypt kms:GenerateDataKey on arn:aws:kms:eu-central-1:111122223333:key/data"
      WriteItsLog              = "logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/flux-prod-ingest:*"
    }
    error_message = "The role ingest may do something that is not in this list, do it to something else, or lacks something."
  }
}

run "ingestion_cannot_change_files_send_mail_or_read_other_secrets" {
  assert {
    condition     = length(setintersection(toset(flatten([for s in jsondecode(aws_iam_role_policy.this["ingest"].policy).Statement : s.Action if s.Effect == "Allow"])), ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucket", "s3:PutBucketPolicy", "ses:SendEmail", "ses:SendRawEmail", "lambda:InvokeFunction", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue", "secretsmanager:PutSecretValue", "secretsmanager:ListSecrets"])) == 0
    error_message = "The role ingest may do something that is forbidden to it."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.this["ingest"].policy).Statement : alltrue([for a in flatten([s.Action]) : s.Effect != "Allow" || !can(regex("^(iam|sts|rds|dynamodb|organizations|ssm|cloudformation):", a))])])
    error_message = "The role ingest may change rights, servers or other roles."
  }

  assert {
    condition     = length(regexall("secret:[^\"]*(owner|rds!|jwt|redis)", aws_iam_role_policy.this["ingest"].policy)) == 0
    error_message = "The role ingest may read a secret that is another's."
  }
}

run "migrations_have_the_passwords_of_the_database_and_nothing_else" {
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this["migrate"].policy).Statement : s.Sid => "${join(" ", s.Action)} on ${join(" ", s.Resource)}" if s.Effect == "Allow" && s.Sid != "LetTheServiceJoinTheVpc" } == {
      ReadItsSecrets           = "secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/owner-AbCdEf arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c-AbCdEf"
      UseTheKeyThroughServices = "kms:Decrypt on arn:aws:kms:eu-central-1:111122223333:key/data"
      WriteItsLog              = "logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/flux-prod-migrate:*"
    }
    error_message = "The role migrate may do something that is not in this list, do it to something else, or lacks something."
  }
}

run "migrations_cannot_touch_files_queues_mail_or_lambdas" {
  assert {
    condition     = length(setintersection(toset(flatten([for s in jsondecode(aws_iam_role_policy.this["migrate"].policy).Statement : s.Action if s.Effect == "Allow"])), ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "ses:SendEmail", "ses:SendRawEmail", "lambda:InvokeFunction", "sqs:SendMessage", "sqs:ReceiveMessage", "kms:GenerateDataKey", "secretsmanager:PutSecretValue", "secretsmanager:ListSecrets", "rds:DeleteDBInstance"])) == 0
    error_message = "The role migrate may do something that is forbidden to it."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.this["migrate"].policy).Statement : alltrue([for a in flatten([s.Action]) : s.Effect != "Allow" || !can(regex("^(iam|sts|rds|dynamodb|organizations|ssm|cloudformation):", a))])])
    error_message = "The role migrate may change rights, servers or other roles."
  }

  assert {
    condition     = length(regexall("secret:[^\"]*(jwt|redis)", aws_iam_role_policy.this["migrate"].policy)) == 0
    error_message = "The role migrate may read a secret that is another's."
  }
}

run "the_sweep_reads_files_and_forgets_parts" {
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this["sweep"].policy).Statement : s.Sid => "${join(" ", s.Action)} on ${join(" ", s.Resource)}" if s.Effect == "Allow" && s.Sid != "LetTheServiceJoinTheVpc" } == {
      ReadItsSecret             = "secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf"
      ReadUploadsAndForgetParts = "s3:AbortMultipartUpload s3:GetObject on arn:aws:s3:::flux-prod-app-data/uploads/*"
      SeeThatNoFileCame         = "s3:ListBucket on arn:aws:s3:::flux-prod-app-data"
      UseTheKeyThroughServices  = "kms:Decrypt on arn:aws:kms:eu-central-1:111122223333:key/data"
      WriteItsLog               = "logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/flux-prod-sweep:*"
    }
    error_message = "The role sweep may do something that is not in this list, do it to something else, or lacks something."
  }
}

run "the_sweep_cannot_change_files_start_lambdas_or_sign_people_in" {
  assert {
    condition     = length(setintersection(toset(flatten([for s in jsondecode(aws_iam_role_policy.this["sweep"].policy).Statement : s.Action if s.Effect == "Allow"])), ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketPolicy", "ses:SendEmail", "ses:SendRawEmail", "ses:VerifyEmailIdentity", "lambda:InvokeFunction", "lambda:UpdateFunctionCode", "sqs:SendMessage", "sqs:ReceiveMessage", "kms:GenerateDataKey", "secretsmanager:PutSecretValue", "secretsmanager:ListSecrets"])) == 0
    error_message = "The role sweep may do something that is forbidden to it."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.this["sweep"].policy).Statement : alltrue([for a in flatten([s.Action]) : s.Effect != "Allow" || !can(regex("^(iam|sts|rds|dynamodb|organizations|ssm|cloudformation):", a))])])
    error_message = "The role sweep may change rights, servers or other roles."
  }

  assert {
    condition     = length(regexall("secret:[^\"]*(owner|rds!|jwt|redis)", aws_iam_role_policy.this["sweep"].policy)) == 0
    error_message = "The role sweep may read a secret that is another's."
  }
}

run "letters_are_sent_by_a_role_that_has_the_database_and_nothing_else" {
  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.this["mail"].policy).Statement : s.Sid => "${join(" ", s.Action)} on ${join(" ", s.Resource)}" if s.Effect == "Allow" && s.Sid != "LetTheServiceJoinTheVpc" } == {
      ReadItsSecret            = "secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:flux-prod/database/app-AbCdEf"
      SendLetters              = "ses:SendEmail ses:SendRawEmail on arn:aws:ses:eu-central-1:111122223333:identity/example.com"
      UseTheKeyThroughServices = "kms:Decrypt on arn:aws:kms:eu-central-1:111122223333:key/data"
      WriteItsLog              = "logs:CreateLogStream logs:PutLogEvents on arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/flux-prod-mail:*"
    }
    error_message = "The role mail may do something that is not in this list, do it to something else, or lacks something."
  }
}

run "letters_cannot_be_sent_by_what_reads_files_or_starts_lambdas" {
  assert {
    condition     = length(setintersection(toset(flatten([for s in jsondecode(aws_iam_role_policy.this["mail"].policy).Statement : s.Action if s.Effect == "Allow"])), ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "ses:VerifyEmailIdentity", "lambda:InvokeFunction", "sqs:SendMessage", "sqs:ReceiveMessage", "kms:GenerateDataKey", "secretsmanager:PutSecretValue", "secretsmanager:ListSecrets"])) == 0
    error_message = "The role mail may do something that is forbidden to it."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.this["mail"].policy).Statement : alltrue([for a in flatten([s.Action]) : s.Effect != "Allow" || !can(regex("^(iam|sts|rds|dynamodb|organizations|ssm|cloudformation):", a))])])
    error_message = "The role mail may change rights, servers or other roles."
  }

  assert {
    condition     = length(regexall("secret:[^\"]*(owner|rds!|jwt|redis)", aws_iam_role_policy.this["mail"].policy)) == 0
    error_message = "The role mail may read a secret that is another's."
  }
}

run "no_role_has_a_wildcard_action" {
  assert {
    condition = alltrue(flatten([for p in aws_iam_role_policy.this : [
      for s in jsondecode(p.policy).Statement : [for action in flatten([s.Action]) : can(regex("^[a-z0-9]+:[A-Za-z]+$", action))]
    ]]))
    error_message = "An action has a * or a ?: it would grow with AWS."
  }

  assert {
    condition = alltrue(flatten([for p in aws_iam_role_policy.this : [
      for s in jsondecode(p.policy).Statement : !contains(keys(s), "NotAction") && !contains(keys(s), "NotResource")
    ]]))
    error_message = "A statement allows whatever it does not name."
  }
}

run "every_statement_names_its_resources" {
  assert {
    condition = alltrue(flatten([for p in aws_iam_role_policy.this : [
      for s in jsondecode(p.policy).Statement : s.Sid == "LetTheServiceJoinTheVpc" || s.Effect == "Deny" || alltrue([
        for r in s.Resource : can(regex("^arn:aws:([^*]+|s3:::[^*]+/uploads/[*]|logs:[^*]+:log-group:/aws/lambda/flux-prod-[a-z]+:[*])$", r))
      ])
    ]]))
    error_message = "A statement allows something to be done to everything."
  }
}

run "the_code_of_a_lambda_cannot_use_the_network_rights_of_the_service" {
  assert {
    condition = alltrue([for function, p in aws_iam_role_policy.this : anytrue([
      for s in jsondecode(p.policy).Statement : s.Effect == "Deny" && toset(s.Action) == toset(local.interface_actions)
      && try(s.Condition.ArnEquals["lambda:SourceFunctionArn"], []) == ["arn:aws:lambda:eu-central-1:111122223333:function:flux-prod-${function}"]
      if s.Effect == "Deny"
    ])])
    error_message = "A Lambda's code could make and delete network interfaces in the account."
  }
}

run "keys_are_used_only_through_the_services_of_the_role" {
  assert {
    condition = {
      for function, p in aws_iam_role_policy.this : function => flatten([
        for s in jsondecode(p.policy).Statement : [for service in try(s.Condition.StringEquals["kms:ViaService"], ["any"]) : split(".", service)[0]] if s.Sid == "UseTheKeyThroughServices"
      ])
      } == {
      api     = ["secretsmanager", "s3"]
      ingest  = ["secretsmanager", "s3", "sqs"]
      mail    = ["secretsmanager"]
      migrate = ["secretsmanager"]
      sweep   = ["secretsmanager", "s3"]
    }
    error_message = "A role may use the key for something else than its secrets, files and queue."
  }

  assert {
    condition = alltrue(flatten([for p in aws_iam_role_policy.this : [
      for s in jsondecode(p.policy).Statement : s.Resource == ["arn:aws:kms:eu-central-1:111122223333:key/data"] if startswith(s.Action[0], "kms:")
    ]]))
    error_message = "A role may use another key than that for data."
  }
}

run "letters_come_from_one_address" {
  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.this["mail"].policy).Statement : try(s.Condition.StringEquals["ses:FromAddress"], "anybody") if s.Sid == "SendLetters"] == ["no-reply@example.com"]
    error_message = "A letter may be written in the name of others."
  }
}

run "only_lambda_takes_these_roles_and_each_is_inside_the_boundary" {
  assert {
    condition     = keys(aws_iam_role.this) == ["api", "ingest", "mail", "migrate", "sweep"] && alltrue([for role in aws_iam_role.this : role.permissions_boundary == var.permissions_boundary_arn])
    error_message = "A role is missing, or outside the boundary."
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.this : [for s in jsondecode(role.assume_role_policy).Statement : s.Principal] == [{ Service = "lambda.amazonaws.com" }]])
    error_message = "Somebody else than the Lambda service may take a role."
  }
}
