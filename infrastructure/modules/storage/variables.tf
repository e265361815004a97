variable "environment" {
  description = "Which of the three environments this is. It decides how long logs are kept."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "Set environment to dev, staging or prod."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts what owners send."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[^:]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "Give the ARN of the data key of the security module (arn:aws:kms:...:key/...), not an alias: the bucket policy compares ARNs."
  }
}

variable "web_origin" {
  description = "The one origin whose pages may PUT files: FLUX_PUBLIC_URL without a slash at its end."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.web_origin))
    error_message = "Set web_origin to the https:// address of the web app without path, port, slash or wildcard, such as https://app.flux.example."
  }
}
