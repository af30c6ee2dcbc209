"""The configuration files of the private Postfix and Dovecot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.mailservers.certificates import ServerCertificate

BOUNCING = "gone@bounce.test"
FULL = "full@bounce.test"
SLOW = "slow@bounce.test"


def main_cf(root: Path, addresses: Sequence[str], certificate: ServerCertificate, *, patient: bool = False) -> str:
    """Postfix: submission with login, own sender only, delivery to Dovecot by LMTP, nothing ever leaves the machine.
    What cannot be delivered is given up after some seconds, or by a `patient` server after an hour."""
    lifetime, warning, again = ("1h", "0", "2s") if patient else ("6s", "3s", "5s")
    postfix = root / "postfix"
    domains = sorted({address.split("@")[1] for address in addresses} | {"bounce.test"})
    boxes = " ".join(f"{{ {address} = ok }}" for address in (*addresses, BOUNCING, FULL, SLOW))
    senders = " ".join(f"{{ {address} = {address} }}" for address in addresses)
    return f"""
compatibility_level = 3.6
config_directory = {postfix}/etc
queue_directory = {postfix}/spool
data_directory = {postfix}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {postfix}/mail.log
maillog_file_prefixes = {postfix}
myhostname = mail.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = loopback-only
inet_protocols = ipv4
default_transport = error:5.1.2 no route outside the test network
relay_transport = error:5.1.2 no route outside the test network
smtp_dns_support_level = disabled
smtp_host_lookup = native
virtual_mailbox_domains = {" ".join(domains)}
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_alias_maps =
virtual_transport = lmtp:unix:private/dovecot-lmtp
transport_maps = inline:{{ {{ {FULL} = retry:4.2.2 mailbox full }} {{ {SLOW} = lmtp:inet:127.0.0.1:1 }} }}
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = no
smtpd_tls_cert_file = {certificate.cert_file}
smtpd_tls_key_file = {certificate.key_file}
smtpd_tls_security_level = may
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sender_login_maps = inline:{{ {senders} }}
smtpd_peername_lookup = no
message_size_limit = 35000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
lmtp_destination_concurrency_limit = 20
in_flow_delay = 0
smtpd_client_connection_count_limit = 0
delay_warning_time = {warning}
minimal_backoff_time = {again}
maximal_backoff_time = {"4s" if patient else "30s"}
queue_run_delay = {again}
maximal_queue_lifetime = {lifetime}
bounce_queue_lifetime = 1h
"""


def master_cf(submission: int, submissions: int, policy: int = 0) -> str:
    """Postfix: its two doors and the services behind them; with a greylist on the port `policy`."""
    asked = f"check_policy_service,inet:127.0.0.1:{policy}," if policy else ""
    return f"""
127.0.0.1:{submission} inet n - n - 100 smtpd
  -o syslog_name=postfix/submission -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes -o smtpd_recipient_restrictions={asked}permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
127.0.0.1:{submissions} inet n - n - 100 smtpd
  -o syslog_name=postfix/smtps -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions={asked}permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def dovecot_conf(
    root: Path,
    imap: int,
    imaps: int,
    certificate: ServerCertificate,
    uid: int,
    *,
    oauth: bool = False,
    quota_kib: int = 0,
    idle: bool = True,
) -> str:
    """Dovecot: IMAP with TLS only, LMTP and SASL for Postfix, maildirs under the private folder; with XOAUTH2, a
    quota or without IDLE and MOVE where a test asks for it."""
    dovecot, private = root / "dovecot", root / "postfix/spool/private"
    bearer = (
        f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {dovecot}/oauth2.conf\n}}" if oauth else ""
    )
    short = "" if idle else "imap_capability = IMAP4rev1 SASL-IR LITERAL+ UIDPLUS"
    plugins = "mail_plugins = quota" if quota_kib else ""
    told = "protocol imap {\n  mail_plugins = quota imap_quota\n}" if quota_kib else ""
    rule = f"plugin {{\n  quota = maildir:User quota\n  quota_rule = *:storage={quota_kib}K\n}}" if quota_kib else ""
    return f"""
base_dir = {dovecot}/run
state_dir = {dovecot}/state
instance_name = saraban-test
log_path = {dovecot}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = required
ssl_cert = <{certificate.cert_file}
ssl_key = <{certificate.key_file}
disable_plaintext_auth = yes
auth_mechanisms = plain login {"xoauth2" if oauth else ""}
auth_username_format = %Lu
auth_failure_delay = 0
first_valid_uid = {uid}
mail_location = maildir:{dovecot}/mail/%d/%n
mailbox_list_index = yes
maildir_stat_dirs = no
mail_fsync = never
mail_max_userip_connections = 200
{plugins}
{short}
{told}
{rule}
{bearer}
passdb {{
  driver = passwd-file
  args = {dovecot}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={dovecot}/mail/%d/%n
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  process_min_avail = 1
  unix_listener {private}/dovecot-lmtp {{
    mode = 0600
    user = postfix
    group = postfix
  }}
}}
service auth {{
  unix_listener {private}/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
service stats {{
  client_limit = 1000
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
protocol lmtp {{
  {"quota_full_tempfail = yes" if quota_kib else ""}
  postmaster_address = postmaster@mail.test
}}
"""
