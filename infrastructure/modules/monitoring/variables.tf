variable "environment" {
  description = "Which of the three environments this is. It is in every name, and decides how long logs are kept."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget. Each address gets a letter first, and has to confirm."
  type        = set(string)

  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for address in var.alarm_emails : can(regex("^[^@<>* ]+@[^@<>* ]+\\.[^@<>* ]+$", address))])
    error_message = "Give at least one bare address: an alarm that nobody hears is none."
  }
}

variable "monthly_budget_usd" {
  description = "What a month may cost. At 80 % of it, and as soon as more than all of it is to be expected, alarm_emails are told."
  type        = number

  validation {
    condition     = var.monthly_budget_usd >= 10 && floor(var.monthly_budget_usd) == var.monthly_budget_usd
    error_message = "Set monthly_budget_usd to whole dollars, 10 or more."
  }
}

variable "web_url" {
  description = "What people open, without a slash at its end; the canary opens it too."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.web_url))
    error_message = "Set web_url to the https:// address of the web app without path, port or slash."
  }
}

variable "http_api_id" {
  description = "The HTTP API, an output of the api module."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]+$", var.http_api_id))
    error_message = "Give the id of the HTTP API, not its ARN or its address."
  }
}

variable "functions" {
  description = "Name and timeout of each Lambda (api, ingest, sweep, mail, migrate)."
  type = map(object({
    name            = string
    timeout_seconds = number
  }))

  validation {
    condition     = toset(keys(var.functions)) == toset(["api", "ingest", "sweep", "mail", "migrate"])
    error_message = "Give api, ingest, sweep, mail and migrate, outputs of the modules api and ingestion."
  }
}

variable "dead_letter_queue_name" {
  description = "Queue for the events that ingest gave up, an output of the ingestion module."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+$", var.dead_letter_queue_name))
    error_message = "Give the name of the queue, not its ARN or its address."
  }
}

variable "logs_bucket" {
  description = "Bucket for what the canary saw (canary/), an output of the storage module."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+$", var.logs_bucket))
    error_message = "Give the name of the bucket, not its ARN."
  }
}

variable "logs_kms_key_arn" {
  description = "Key that encrypts log groups and the topic; its policy must admit CloudWatch Logs and alarms."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.logs_kms_key_arn))
    error_message = "Give the ARN of the logs key of the security module (arn:aws:kms:...:key/...)."
  }
}

variable "permissions_boundary_arn" {
  description = "Boundary of the canary's role: output workload_boundary_arns of bootstrap. Without it the deploy role may not create the role."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:policy/.+$", var.permissions_boundary_arn))
    error_message = "Give the ARN of the workload boundary that bootstrap made (arn:aws:iam::...:policy/bootstrap/...)."
  }
}
