# What is refused, and that a package is what it is called. Run in the workspace prod, with its variables.

mock_provider "aws" {
  source = "./tests"
}

mock_provider "archive" {}

# Nothing here is about the web, whose firewall alone takes half the time of a plan.
override_module {
  target  = module.web
  outputs = { url = "https://app.flux.example", bucket = "flux-prod-web", distribution_id = "EMOCK" }
}

variables {
  packages = {
    api    = "0a041b9462caa4a31bac3567e0b6e6fd9100787db2ab433d96f6d178cabfce90"
    ingest = "6ca13d52ca70c883e0f0bb101e425a89e8624de51db2d2392593af6a84118090"
  }
  cache_password = "0123456789abcdef0123456789abcdef"
}

run "the_variables_of_another_environment_are_refused" {
  command = plan
  variables {
    environment = var.environment == "prod" ? "staging" : "prod"
  }
  expect_failures = [var.environment]
}

run "more_lambdas_than_the_database_has_connections_for_are_refused" {
  command = plan
  variables {
    capacity = { api_concurrency = 100, ingest_concurrency = 50, requests_per_second = 100 }
  }
  expect_failures = [var.capacity]
}

run "zones_of_another_region_are_refused" {
  command = plan
  variables {
    availability_zones = ["eu-west-1a", "eu-west-1b"]
  }
  expect_failures = [var.availability_zones]
}

run "names_in_the_place_of_ids_are_refused" {
  command = plan
  variables {
    account_id     = "flux"
    region         = "Frankfurt"
    domain_name    = "https://app.flux.example"
    hosted_zone_id = "flux.example"
  }
  expect_failures = [var.account_id, var.region, var.domain_name, var.hosted_zone_id]
}

run "a_package_is_put_under_its_digest" {
  command = plan
  variables {
    packages      = { api = filesha256("./outputs.tf"), ingest = filesha256("./mail.tf") }
    package_files = { api = "./outputs.tf", ingest = "./mail.tf" }
  }
  assert {
    condition     = aws_s3_object.package["api"].key == "api/${filesha256("./outputs.tf")}.zip" && local.package_keys.ingest == "ingest/${filesha256("./mail.tf")}.zip"
    error_message = "The bucket would not say what lies in it."
  }
}

run "a_package_that_is_not_the_one_that_was_named_is_refused" {
  command = plan
  variables {
    package_files = { api = "./outputs.tf", ingest = "./mail.tf" }
  }
  expect_failures = [aws_s3_object.package["api"], aws_s3_object.package["ingest"]]
}

run "a_package_without_a_whole_digest_is_refused" {
  command = plan
  variables {
    packages = { api = "latest", ingest = "latest" }
  }
  expect_failures = [var.packages]
}
