# SES sends for the whole name, signed; other servers are told to refuse what is not.

locals {
  mail_from_address = "no-reply@${var.domain_name}"
  mail_identity_arn = "arn:aws:ses:${var.region}:${var.account_id}:identity/${var.domain_name}"
}

resource "aws_sesv2_email_identity" "mail" {
  email_identity = var.domain_name

  dkim_signing_attributes {
    next_signing_key_length = "RSA_2048_BIT"
  }
}

resource "aws_route53_record" "dkim" {
  count = 3 # as many as SES gives

  zone_id = var.hosted_zone_id
  name    = "${aws_sesv2_email_identity.mail.dkim_signing_attributes[0].tokens[count.index]}._domainkey.${var.domain_name}"
  type    = "CNAME"
  records = ["${aws_sesv2_email_identity.mail.dkim_signing_attributes[0].tokens[count.index]}.dkim.amazonses.com"]
  ttl     = 1800
}

resource "aws_route53_record" "dmarc" {
  zone_id = var.hosted_zone_id
  name    = "_dmarc.${var.domain_name}"
  type    = "TXT"
  records = ["v=DMARC1; p=reject; adkim=s"]
  ttl     = 1800
}
