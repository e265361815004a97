# The state of each workspace lies in bootstrap's bucket, as env:/WORKSPACE/flux.tfstate; the lock is a file beside it.
# Which bucket, `terraform init` is told (README.md): its name has the account in it.
terraform {
  backend "s3" {
    key          = "flux.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
