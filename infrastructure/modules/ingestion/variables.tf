variable "environment" {
  description = "Which of the three environments this is. It is in every name, and decides how long logs are kept."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "function_names" {
  description = "Names of the Lambdas: function_names of the security module, whose roles go by them."
  type        = map(string)

  validation {
    condition     = length(setsubtract(["ingest", "sweep", "mail", "migrate"], keys(var.function_names))) == 0
    error_message = "Give the names of ingest, sweep, mail and migrate, an output of the security module."
  }
}

variable "role_arns" {
  description = "Role of each Lambda: lambda_role_arns of the security module."
  type        = map(string)

  validation {
    condition     = length(setsubtract(["ingest", "sweep", "mail", "migrate"], keys(var.role_arns))) == 0
    error_message = "Give the roles of ingest, sweep, mail and migrate, an output of the security module."
  }
}

variable "packages" {
  description = "Where ingest.zip (for ingest and sweep) and api.zip (for mail and migrate) lie. A key has the SHA-256 of its zip in it, so other code is another key."
  type = object({
    bucket     = string
    ingest_key = string
    api_key    = string
  })

  validation {
    condition     = can(regex("[0-9a-f]{64}", var.packages.ingest_key)) && can(regex("[0-9a-f]{64}", var.packages.api_key))
    error_message = "Give keys with the zip's SHA-256 in them: under a name that stays the same, new code would not be noticed."
  }
}

variable "environment_variables" {
  description = "What each Lambda (ingest, sweep, mail, migrate) reads from its environment. Secrets only by their ARN (NAME_SECRET_ARN): these values stand in the state."
  type        = map(map(string))

  validation {
    condition     = length(setsubtract(["ingest", "sweep", "mail", "migrate"], keys(var.environment_variables))) == 0
    error_message = "Give the variables of ingest, sweep, mail and migrate."
  }

  validation {
    condition     = alltrue([for value in flatten([for variables in values(var.environment_variables) : values(variables)]) : !can(regex("://[^/@]*:[^/@]*@", value))])
    error_message = "Give addresses without name and password: those are in the secret that DATABASE_URL_SECRET_ARN names."
  }
}

variable "concurrency" {
  description = "How many files are read at once, at most. It is set aside out of the account's concurrency, and each takes up to three connections to the database. What comes meanwhile waits."
  type        = number

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 100 && floor(var.concurrency) == var.concurrency
    error_message = "Set concurrency to a whole number from 1 to 100. 0 would switch ingestion off."
  }
}

variable "app_data_bucket" {
  description = "Bucket that owners' files come into, an output of the storage module."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+$", var.app_data_bucket))
    error_message = "Give the name of the bucket, not its ARN."
  }
}

variable "app_data_bucket_arn" {
  description = "The same bucket, which alone may call ingestion."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", var.app_data_bucket_arn))
    error_message = "Give the ARN of one bucket (arn:aws:s3:::name), without a path and without a wildcard."
  }
}

variable "uploads_prefix" {
  description = "What the keys of the owners' files start with, an output of the storage module."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+/$", var.uploads_prefix))
    error_message = "Give one folder with a slash at its end, such as uploads/; an empty prefix would be the whole bucket."
  }
}

variable "private_subnet_ids" {
  description = "Private subnets of the Lambdas, in two zones or more."
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

variable "kms_key_arn" {
  description = "Key that encrypts the dead-letter queue."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "Give the ARN of the data key of the security module (arn:aws:kms:...:key/...)."
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
