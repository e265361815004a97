mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  environment = "prod"
  kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  web_origin  = "https://app.flux.example"
}

run "both_buckets_refuse_public_access" {
  assert {
    condition = alltrue(flatten([for bucket, block in {
      app_data = aws_s3_bucket_public_access_block.app_data
      logs     = aws_s3_bucket_public_access_block.logs
    } : [block.block_public_acls, block.block_public_policy, block.ignore_public_acls, block.restrict_public_buckets]]))
    error_message = "A bucket could be opened to the public."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.app_data.bucket == aws_s3_bucket.app_data.id && aws_s3_bucket_public_access_block.logs.bucket == aws_s3_bucket.logs.id
    error_message = "A bucket has no public access block of its own."
  }
}

run "both_buckets_refuse_plain_http_and_old_tls" {
  assert {
    condition = alltrue([for policy in [aws_s3_bucket_policy.app_data, aws_s3_bucket_policy.logs] : anytrue([
      for statement in jsondecode(policy.policy).Statement :
      statement.Effect == "Deny" && statement.Principal == "*" && statement.Action == "s3:*" && length(statement.Resource) == 2
      && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"
    ])])
    error_message = "A bucket answers plain HTTP."
  }
  assert {
    condition = alltrue([for policy in [aws_s3_bucket_policy.app_data, aws_s3_bucket_policy.logs] : anytrue([
      for statement in jsondecode(policy.policy).Statement :
      statement.Effect == "Deny" && statement.Action == "s3:*" && try(statement.Condition.NumericLessThan["s3:TlsVersion"], "") == "1.2"
    ])])
    error_message = "A bucket answers TLS older than 1.2."
  }
}

run "a_bucket_policy_allows_nobody_but_the_two_log_services" {
  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.app_data.policy).Statement : statement.Effect == "Deny"])
    error_message = "The policy of the app-data bucket gives something away."
  }
  assert {
    condition = toset([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement :
      statement.Principal.Service if statement.Effect == "Allow"
    ]) == toset(["logging.s3.amazonaws.com", "delivery.logs.amazonaws.com"])
    error_message = "Somebody else than S3 and CloudFront may write logs."
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement :
      statement.Action == "s3:PutObject" && statement.Condition.StringEquals["aws:SourceAccount"] == "111122223333"
      if statement.Effect == "Allow"
    ])
    error_message = "The log services may do more than write, or write for other accounts."
  }
}

run "raw_uploads_are_never_deleted_nor_overwritten" {
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.app_data.policy).Statement :
      statement.Effect == "Deny" && statement.Principal == "*" && !can(statement.Condition)
      && try(toset(statement.Action), []) == toset(["s3:DeleteObject", "s3:DeleteObjectVersion"])
      && statement.Resource == "arn:aws:s3:::flux-prod-app-data-111122223333/uploads/*"
    ])
    error_message = "Somebody could delete a raw upload."
  }
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.app_data.policy).Statement :
      statement.Effect == "Deny" && statement.Principal == "*" && statement.Action == "s3:PutObject"
      && statement.Resource == "arn:aws:s3:::flux-prod-app-data-111122223333/uploads/*"
      && try(statement.Condition.Null["s3:if-none-match"], "") == "true"
    ])
    error_message = "A second PUT could replace a raw upload."
  }
  assert {
    condition = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.app_data.rule :
      length(rule.expiration) == 0
    ])
    error_message = "A lifecycle rule expires what owners sent."
  }
  assert {
    condition     = !aws_s3_bucket.app_data.force_destroy && !aws_s3_bucket.logs.force_destroy
    error_message = "Destroying the environment would empty a bucket first."
  }
}

run "a_large_file_may_come_in_parts" {
  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.app_data.policy).Statement :
      statement.Condition if statement.Sid == "WriteRawUploadsOnce"
    ] == [{ Bool = { "s3:ObjectCreationOperation" = "true" }, Null = { "s3:if-none-match" = "true" } }]
    error_message = "Each part would have to carry If-None-Match, which UploadPart does not know: files above 100 MiB would be refused."
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_cors_configuration.app_data.cors_rule : contains(rule.expose_headers, "ETag")])
    error_message = "A page cannot read a part's ETag, without which the file is not put together."
  }
}

run "both_buckets_keep_versions" {
  assert {
    condition = alltrue([for versioning in [aws_s3_bucket_versioning.app_data, aws_s3_bucket_versioning.logs] :
      versioning.versioning_configuration[0].status == "Enabled"
    ])
    error_message = "A bucket keeps no versions."
  }
}

run "uploads_are_encrypted_with_our_key_and_no_other" {
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.app_data.rule :
      rule.bucket_key_enabled
      && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
      && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    ])
    error_message = "Uploads are not encrypted with the key that was given."
  }
  assert {
    condition = toset([for statement in jsondecode(aws_s3_bucket_policy.app_data.policy).Statement :
      jsonencode(statement.Condition) if statement.Resource == "arn:aws:s3:::flux-prod-app-data-111122223333/*"
      ]) == toset([
      jsonencode({ Null = { "s3:x-amz-server-side-encryption" = "false" }, StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = var.kms_key_arn } }),
      jsonencode({ Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } }),
    ])
    error_message = "A request could choose another encryption."
  }
}

run "logs_are_encrypted_as_their_delivery_demands" {
  assert {
    condition = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.logs.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    ])
    error_message = "S3 cannot deliver access logs to a bucket with this encryption."
  }
}

run "objects_belong_to_the_bucket_owner" {
  assert {
    condition = alltrue([for controls in [aws_s3_bucket_ownership_controls.app_data, aws_s3_bucket_ownership_controls.logs] :
      controls.rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "ACLs of single objects could open them."
  }
}

run "raw_uploads_move_to_infrequent_access_after_thirty_days" {
  assert {
    condition = anytrue([for rule in aws_s3_bucket_lifecycle_configuration.app_data.rule :
      rule.status == "Enabled" && try(rule.filter[0].prefix, "") == "uploads/"
      && try([for transition in rule.transition : [transition.days, transition.storage_class]], []) == [[30, "STANDARD_IA"]]
    ])
    error_message = "Old uploads are paid for as if they were read daily."
  }
}

run "unfinished_multipart_uploads_end_after_a_day_in_both_buckets" {
  assert {
    condition = alltrue([for configuration in [aws_s3_bucket_lifecycle_configuration.app_data, aws_s3_bucket_lifecycle_configuration.logs] :
      anytrue([for rule in configuration.rule :
        rule.status == "Enabled" && try(rule.filter[0].prefix, "") != "uploads/" && try(rule.abort_incomplete_multipart_upload[0].days_after_initiation, 0) == 1
      ])
    ])
    error_message = "Parts of uploads that nobody finished are paid for for ever."
  }
}

run "replaced_versions_are_kept_for_ninety_days" {
  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.app_data.rule :
      rule.noncurrent_version_expiration[0].noncurrent_days if length(rule.noncurrent_version_expiration) > 0
    ] == [90]
    error_message = "Replaced versions are gone sooner, or never."
  }
}

run "only_the_web_origin_may_put_files" {
  assert {
    condition = alltrue([
      length(aws_s3_bucket_cors_configuration.app_data.cors_rule) == 1,
      alltrue([for rule in aws_s3_bucket_cors_configuration.app_data.cors_rule :
        rule.allowed_origins == toset(["https://app.flux.example"]) && rule.allowed_methods == toset(["PUT"])
        && rule.allowed_headers == toset(["content-type", "if-none-match"])
      ]),
    ])
    error_message = "Pages of another origin may use the bucket, or pages of ours may do more than PUT."
  }
}

run "who_reads_and_writes_uploads_is_logged" {
  assert {
    condition     = aws_s3_bucket_logging.app_data.bucket == aws_s3_bucket.app_data.id && aws_s3_bucket_logging.app_data.target_bucket == aws_s3_bucket.logs.id
    error_message = "Access to uploads is not logged."
  }
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement :
      statement.Effect == "Allow" && statement.Principal.Service == "logging.s3.amazonaws.com"
      && statement.Resource == "arn:aws:s3:::flux-prod-logs-111122223333/${split("/", aws_s3_bucket_logging.app_data.target_prefix)[0]}/*"
      if statement.Effect == "Allow"
    ])
    error_message = "S3 may not write where the access logs are to go."
  }
}

run "logs_are_kept_for_a_year_in_prod" {
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 365
    error_message = "Logs of prod are not kept for a year."
  }
}

run "logs_are_kept_for_ninety_days_in_staging" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 90
    error_message = "Logs of staging are not kept for ninety days."
  }
}

run "dev_and_prod_never_share_a_bucket" {
  variables {
    environment = "dev"
  }
  assert {
    condition     = aws_s3_bucket.app_data.bucket == "flux-dev-app-data-111122223333" && aws_s3_bucket.logs.bucket == "flux-dev-logs-111122223333"
    error_message = "A bucket's name does not say whose it is."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 90
    error_message = "Logs of dev are not kept for ninety days."
  }
}

run "any_origin_is_refused" {
  command = plan
  variables {
    web_origin = "https://*"
  }
  expect_failures = [var.web_origin]
}

run "an_origin_without_tls_is_refused" {
  command = plan
  variables {
    web_origin = "http://app.flux.example"
  }
  expect_failures = [var.web_origin]
}

run "a_key_alias_is_refused" {
  command = plan
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:alias/flux"
  }
  expect_failures = [var.kms_key_arn]
}

run "an_unknown_environment_is_refused" {
  command = plan
  variables {
    environment = "test"
  }
  expect_failures = [var.environment]
}
