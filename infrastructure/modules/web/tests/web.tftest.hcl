mock_provider "aws" {
  source = "./tests"
}

variables {
  environment               = "prod"
  domain_name               = "app.flux.example"
  hosted_zone_id            = "Z0123456789"
  api_domain_name           = "api.app.flux.example"
  app_data_origin           = "https://flux-prod-app-data-111122223333.s3.eu-central-1.amazonaws.com"
  pages                     = ["", "login", "dashboard", "dashboard/data", "dashboard/export/[till]"]
  requests_per_five_minutes = 2000
  logs_bucket               = "flux-prod-logs-111122223333"
  logs_bucket_arn           = "arn:aws:s3:::flux-prod-logs-111122223333"
}

run "the_bucket_refuses_public_access_and_acls" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.web.block_public_acls, aws_s3_bucket_public_access_block.web.block_public_policy,
      aws_s3_bucket_public_access_block.web.ignore_public_acls, aws_s3_bucket_public_access_block.web.restrict_public_buckets,
      aws_s3_bucket_ownership_controls.web.rule[0].object_ownership == "BucketOwnerEnforced",
    ])
    error_message = "The bucket could be opened to the public."
  }
}

run "only_our_distribution_reads_the_bucket_and_signs_for_it" {
  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.web.policy).Statement : [statement.Principal.Service, statement.Condition.StringEquals["aws:SourceArn"], join(" ", statement.Action)] if statement.Effect == "Allow"] == [
      ["cloudfront.amazonaws.com", "arn:aws:cloudfront::111122223333:distribution/EMOCK", "s3:GetObject s3:ListBucket"]
    ]
    error_message = "Somebody else than our distribution reads the bucket, or it may do more than read."
  }
  assert {
    condition     = aws_cloudfront_origin_access_control.web.signing_behavior == "always" && aws_cloudfront_origin_access_control.web.signing_protocol == "sigv4" && [for origin in aws_cloudfront_distribution.this.origin : origin.origin_access_control_id if origin.origin_id == "web"] == [aws_cloudfront_origin_access_control.web.id]
    error_message = "CloudFront does not sign what it asks the bucket for."
  }
}

run "the_bucket_refuses_plain_http" {
  assert {
    condition = anytrue([for statement in jsondecode(aws_s3_bucket_policy.web.policy).Statement :
      statement.Effect == "Deny" && statement.Principal == "*" && statement.Action == "s3:*" && length(statement.Resource) == 2 && statement.Condition.Bool["aws:SecureTransport"] == "false"
      if statement.Effect == "Deny"
    ])
    error_message = "The bucket answers plain HTTP."
  }
}

run "a_page_that_was_replaced_can_be_had_back_for_a_month" {
  assert {
    condition     = aws_s3_bucket_versioning.web.versioning_configuration[0].status == "Enabled" && aws_s3_bucket_lifecycle_configuration.web.rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "A replaced page is gone, or is never."
  }
  assert {
    condition     = !aws_s3_bucket.web.force_destroy && [for rule in aws_s3_bucket_server_side_encryption_configuration.web.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm] == ["AES256"]
    error_message = "The bucket would be emptied with its environment, or is not encrypted."
  }
}

run "people_speak_tls_1_2_and_http_3_and_are_led_there_from_plain_http" {
  assert {
    condition     = aws_cloudfront_distribution.this.http_version == "http2and3" && aws_cloudfront_distribution.this.is_ipv6_enabled
    error_message = "HTTP/3 or IPv6 is not spoken."
  }
  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.this.aliases == toset(["app.flux.example"])
    error_message = "Old TLS is spoken, or another name is answered."
  }
  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https" && aws_cloudfront_distribution.this.ordered_cache_behavior[0].viewer_protocol_policy == "https-only"
    error_message = "Plain HTTP is answered; with the API, even a redirect would come after a token was sent."
  }
}

run "api_goes_to_the_http_api_over_tls_and_is_never_cached" {
  assert {
    condition     = [for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : "${behavior.path_pattern} ${behavior.target_origin_id} ${behavior.cache_policy_id} ${behavior.origin_request_policy_id}"] == ["/api/* api 4135ea2d-6df8-44a3-9df3-4b5a84be39ad b689b0a8-53d0-40ab-baf2-68738e2966ac"]
    error_message = "An answer of the API could be another person's, or a cookie does not arrive."
  }
  assert {
    condition     = [for origin in aws_cloudfront_distribution.this.origin : [origin.domain_name, origin.custom_origin_config[0].origin_protocol_policy, join(" ", origin.custom_origin_config[0].origin_ssl_protocols)] if origin.origin_id == "api"] == [["api.app.flux.example", "https-only", "TLSv1.2"]]
    error_message = "The API is asked somewhere else, or without TLS."
  }
  assert {
    condition     = aws_cloudfront_distribution.this.ordered_cache_behavior[0].allowed_methods == toset(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
    error_message = "A method of the API is refused on its way."
  }
}

run "an_answer_of_the_api_is_never_replaced_by_a_page" {
  assert {
    condition     = length(aws_cloudfront_distribution.this.custom_error_response) == 0 && length(aws_cloudfront_distribution.this.ordered_cache_behavior[0].function_association) == 0
    error_message = "A 404 of the API would become a page."
  }
}

run "an_address_stands_for_a_page_or_is_a_404" {
  assert {
    condition     = toset([for association in aws_cloudfront_distribution.this.default_cache_behavior[0].function_association : "${association.event_type} ${association.function_arn == aws_cloudfront_function.pages.arn}"]) == toset(["viewer-request true", "viewer-response true"])
    error_message = "Addresses are not led to their pages."
  }
  # What the code does with them is tried in ../../tests/test_edge.py.
  assert {
    condition     = strcontains(aws_cloudfront_function.pages.code, "var pages = [\"\",\"dashboard\",\"dashboard/data\",\"dashboard/export/[^/]+\",\"login\"];") && aws_cloudfront_function.pages.publish
    error_message = "The function knows other pages, or is not in use."
  }
}

run "browsers_are_told_what_to_refuse_on_every_answer" {
  assert {
    condition     = alltrue([for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) : behavior.response_headers_policy_id == aws_cloudfront_response_headers_policy.this.id])
    error_message = "Some answers come without the headers."
  }
  assert {
    condition = alltrue([for headers in aws_cloudfront_response_headers_policy.this.security_headers_config : alltrue([
      headers.strict_transport_security[0].access_control_max_age_sec == 63072000, headers.strict_transport_security[0].include_subdomains, headers.strict_transport_security[0].override,
      headers.content_type_options[0].override, headers.frame_options[0].frame_option == "DENY", headers.referrer_policy[0].referrer_policy == "same-origin",
    ])])
    error_message = "A browser is not told of TLS, types, frames or referrers."
  }
}

run "pages_load_nothing_from_elsewhere_and_send_only_home_and_to_the_bucket" {
  assert {
    condition = { for directive in split("; ", aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_security_policy[0].content_security_policy) : split(" ", directive)[0] => join(" ", slice(split(" ", directive), 1, length(split(" ", directive)))) } == {
      "default-src"               = "'self'"
      "script-src"                = "'self' 'unsafe-inline'"
      "style-src"                 = "'self' 'unsafe-inline'"
      "img-src"                   = "'self' data: blob:"
      "connect-src"               = "'self' https://flux-prod-app-data-111122223333.s3.eu-central-1.amazonaws.com"
      "object-src"                = "'none'"
      "base-uri"                  = "'none'"
      "form-action"               = "'self'"
      "frame-ancestors"           = "'none'"
      "upgrade-insecure-requests" = ""
    }
    error_message = "The Content-Security-Policy is another than this list."
  }
  assert {
    condition     = aws_cloudfront_response_headers_policy.this.security_headers_config[0].content_security_policy[0].override
    error_message = "A page could bring a weaker policy."
  }
}

run "one_address_cannot_flood_it" {
  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == aws_wafv2_web_acl.this.arn && aws_wafv2_web_acl.this.scope == "CLOUDFRONT" && aws_wafv2_web_acl.this.region == "us-east-1"
    error_message = "The firewall does not stand in front of CloudFront."
  }
  assert {
    condition = anytrue([for rule in aws_wafv2_web_acl.this.rule : alltrue([
      [for block in rule.action[0].block : block.custom_response[0].response_code] == [429], rule.statement[0].rate_based_statement[0].limit == 2000, rule.statement[0].rate_based_statement[0].aggregate_key_type == "IP", rule.statement[0].rate_based_statement[0].evaluation_window_sec == 300,
    ]) if rule.name == "too-many-requests"])
    error_message = "An address may send as much as it likes."
  }
}

run "known_attacks_are_refused" {
  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : rule.statement[0].managed_rule_group_statement[0].name == "AWSManagedRulesKnownBadInputsRuleSet" && length(rule.override_action[0].none) == 1 if rule.name == "known-bad-inputs"])
    error_message = "Known attacks are let through, or only counted."
  }
}

run "what_was_refused_is_logged_without_cookies_and_tokens" {
  assert {
    condition     = aws_wafv2_web_acl_logging_configuration.this.resource_arn == aws_wafv2_web_acl.this.arn && aws_wafv2_web_acl_logging_configuration.this.log_destination_configs == toset([aws_cloudwatch_log_group.waf.arn])
    error_message = "What the firewall refuses is not logged."
  }
  assert {
    condition     = toset(flatten([for field in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : [for header in field.single_header : header.name]])) == toset(["authorization", "cookie"])
    error_message = "Tokens stand in the firewall's log."
  }
  assert {
    condition = [for kept in aws_wafv2_web_acl_logging_configuration.this.logging_filter : [
      kept.default_behavior, [for filter in kept.filter : [filter.behavior, [for condition in filter.condition : condition.action_condition[0].action]]],
    ]] == [["DROP", [["KEEP", ["BLOCK"]]]]]
    error_message = "What was refused is not kept, or every visit is."
  }
  assert {
    condition     = aws_cloudwatch_log_group.waf.retention_in_days == 365 && aws_cloudwatch_log_group.waf.name == "aws-waf-logs-flux-prod"
    error_message = "The firewall's log is not kept for a year, or WAF may not write it."
  }
}

run "who_opened_what_is_logged_where_cloudfront_may_write" {
  assert {
    condition = alltrue([
      aws_cloudwatch_log_delivery_source.this.resource_arn == aws_cloudfront_distribution.this.arn, aws_cloudwatch_log_delivery_source.this.log_type == "ACCESS_LOGS",
      aws_cloudwatch_log_delivery_destination.this.delivery_destination_configuration[0].destination_resource_arn == var.logs_bucket_arn,
      alltrue([for part in [aws_cloudwatch_log_delivery_source.this.region, aws_cloudwatch_log_delivery_destination.this.region, aws_cloudwatch_log_delivery.this.region] : part == "us-east-1"]),
    ])
    error_message = "Requests to CloudFront are not logged."
  }
  assert {
    condition     = aws_s3_bucket_logging.web.target_bucket == var.logs_bucket && aws_s3_bucket_logging.web.target_prefix == "s3/web/"
    error_message = "Access to the bucket is not logged, or where S3 may not write."
  }
}

run "the_name_leads_to_cloudfront_by_a_certificate_of_its_own" {
  assert {
    condition     = keys(aws_route53_record.this) == ["A", "AAAA"] && alltrue([for record in aws_route53_record.this : record.name == "app.flux.example" && record.alias[0].name == "dmock.cloudfront.net"])
    error_message = "The name leads somewhere else."
  }
  assert {
    condition     = aws_acm_certificate.this.domain_name == "app.flux.example" && aws_acm_certificate.this.region == "us-east-1" && aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == aws_acm_certificate_validation.this.certificate_arn
    error_message = "CloudFront has no certificate, or none that it may use."
  }
}

run "staging_keeps_the_firewalls_log_for_a_month" {
  variables {
    environment = "staging"
  }
  assert {
    condition     = aws_cloudwatch_log_group.waf.retention_in_days == 30 && aws_s3_bucket.web.bucket == "flux-staging-web-111122223333"
    error_message = "Logs of staging are not kept for 30 days, or its bucket does not say whose it is."
  }
}

run "dev_keeps_the_firewalls_log_for_a_fortnight" {
  variables {
    environment = "dev"
  }
  assert {
    condition     = aws_cloudwatch_log_group.waf.retention_in_days == 14 && aws_s3_bucket.web.bucket == "flux-dev-web-111122223333"
    error_message = "Logs of dev are not kept for 14 days, or its bucket does not say whose it is."
  }
}

run "wrong_inputs_are_refused_with_a_sentence" {
  command = plan
  variables {
    environment               = "test"
    domain_name               = "https://app.flux.example"
    hosted_zone_id            = "flux.example"
    api_domain_name           = "api"
    app_data_origin           = "https://*"
    pages                     = ["login", "a.*b"]
    requests_per_five_minutes = 5
    logs_bucket               = "arn:aws:s3:::logs"
    logs_bucket_arn           = "logs"
  }
  expect_failures = [
    var.environment, var.domain_name, var.hosted_zone_id, var.api_domain_name, var.app_data_origin, var.pages,
    var.requests_per_five_minutes, var.logs_bucket, var.logs_bucket_arn,
  ]
}
