mock_provider "aws" {}

variables {
  account_id = "111122223333"
  region     = "eu-central-1"
  github_repository = {
    owner    = "flux-example"
    name     = "flux"
    owner_id = 4242
    id       = 987654321
  }
  hosted_zone_ids = { dev = "Z0DEV", staging = "Z0DEV", prod = "Z0PROD" }
}

run "a_pattern_for_the_repository_is_refused" {
  command = plan
  variables {
    github_repository = { owner = "flux-example", name = "*", owner_id = 4242, id = 987654321 }
  }
  expect_failures = [var.github_repository]
}

run "prod_in_the_hosted_zone_of_dev_is_refused" {
  command = plan
  variables {
    hosted_zone_ids = { dev = "Z0ONE", staging = "Z0TWO", prod = "Z0ONE" }
  }
  expect_failures = [var.hosted_zone_ids]
}

run "an_account_that_is_no_account_is_refused" {
  command = plan
  variables {
    account_id = "flux"
  }
  expect_failures = [var.account_id]
}

run "a_zone_for_a_region_is_refused" {
  command = plan
  variables {
    region = "eu-central-1a"
  }
  expect_failures = [var.region]
}

run "a_repository_without_its_numbers_is_refused" {
  command = plan
  variables {
    github_repository = { owner = "flux-example", name = "flux", owner_id = 0, id = 0 }
  }
  expect_failures = [var.github_repository]
}

run "a_zone_by_its_name_is_refused" {
  command = plan
  variables {
    hosted_zone_ids = { dev = "flux.example", staging = "Z0TWO", prod = "Z0ONE" }
  }
  expect_failures = [var.hosted_zone_ids]
}
