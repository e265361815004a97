variable "environment" {
  description = "Which of the three environments this is. It is in every name, and decides how long logs are kept."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "function_name" {
  description = "Name of the Lambda: function_names.api of the security module, whose role goes by it."
  type        = string

  validation {
    condition     = startswith(var.function_name, "flux-")
    error_message = "Give the name that the security module has for the API (flux-ENVIRONMENT-api)."
  }
}

variable "role_arn" {
  description = "Role of the Lambda: lambda_role_arns.api of the security module."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.role_arn))
    error_message = "Give the ARN of the API's role (arn:aws:iam::...:role/...), an output of the security module."
  }
}

variable "package" {
  description = "Where api.zip lies. Its key has the SHA-256 of the zip in it, so other code is another key."
  type = object({
    bucket = string
    key    = string
  })

  validation {
    condition     = can(regex("[0-9a-f]{64}", var.package.key))
    error_message = "Give a key with the zip's SHA-256 in it: under a name that stays the same, new code would not be noticed."
  }
}

variable "environment_variables" {
  description = "What the application reads from its environment. Secrets only by their ARN (NAME_SECRET_ARN): these values stand in the state."
  type        = map(string)

  validation {
    condition     = alltrue([for name in ["FLUX_JWT_KEYS", "REDIS_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"] : !contains(keys(var.environment_variables), name)])
    error_message = "Name secrets by their ARN (FLUX_JWT_KEYS_SECRET_ARN, ...): what stands here is in the state, and for all to see who may look at the Lambda."
  }

  validation {
    condition     = alltrue([for value in values(var.environment_variables) : !can(regex("://[^/@]*:[^/@]*@", value))])
    error_message = "Give addresses without name and password: those are in the secret that DATABASE_URL_SECRET_ARN names."
  }
}

variable "concurrency" {
  description = "How many requests are worked on at once, at most. It is set aside for the API out of the account's concurrency, and each takes up to three connections to the database."
  type        = number

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 500 && floor(var.concurrency) == var.concurrency
    error_message = "Set concurrency to a whole number from 1 to 500. 0 would switch the API off."
  }
}

variable "requests_per_second" {
  description = "How many requests a second the HTTP API lets through; twice as many in a burst. What is more gets a 429."
  type        = number

  validation {
    condition     = var.requests_per_second >= 1 && var.requests_per_second <= 5000
    error_message = "Set requests_per_second from 1 to 5000."
  }
}

variable "private_subnet_ids" {
  description = "Private subnets of the Lambda, in two zones or more."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 2 && alltrue([for id in var.private_subnet_ids : startswith(id, "subnet-")])
    error_message = "Give the ids (subnet-...) of at least two private subnets, outputs of the network module."
  }
}

variable "security_group_id" {
  description = "Group of the Lambdas: lambda_security_group_id of the security module."
  type        = string

  validation {
    condition     = startswith(var.security_group_id, "sg-")
    error_message = "Give the id (sg-...) of the Lambdas' group, an output of the security module."
  }
}

variable "logs_kms_key_arn" {
  description = "Key that encrypts the log groups."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.logs_kms_key_arn))
    error_message = "Give the ARN of the logs key of the security module (arn:aws:kms:...:key/...)."
  }
}

variable "web_origin" {
  description = "The one origin whose pages may call: FLUX_PUBLIC_URL without a slash at its end."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.web_origin))
    error_message = "Set web_origin to the https:// address of the web app without path, port, slash or wildcard, such as https://app.flux.example."
  }
}

variable "domain_name" {
  description = "The API's own name, which CloudFront asks. People use the web's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain_name))
    error_message = "Give a name such as api.app.flux.example, without https:// and without a path."
  }
}

variable "hosted_zone_id" {
  description = "Route 53 zone that the name lies in."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "Give the id (Z...) of the hosted zone."
  }
}
