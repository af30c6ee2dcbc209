# A gateway that takes mail apart and writes it anew with MIME::tools, as the filters of many mail servers do.
# Standard input to standard output, line ends of Unix. The word says what it does beside: "anew" nothing,
# "quoted-printable" every base64 part in that, "footer" a line below the text, "part" a part with a footer behind all.
use strict;
use warnings;
use MIME::Entity;
use MIME::Parser;

my $what   = $ARGV[0];
my $parser = MIME::Parser->new;
$parser->output_to_core(1);
$parser->decode_headers(0);
my $mail = $parser->parse(\*STDIN);
$mail->head->add('X-Gateway', 'MIME::tools');

if ($what eq 'quoted-printable') {
    no warnings 'redefine';
    *MIME::Entity::textual_type = sub { 0 };    # a file is a file: the ends of its lines stay what they are
    for my $part (grep { $_->head->mime_encoding eq 'base64' } $mail->parts_DFS) {
        $part->head->replace('Content-Transfer-Encoding', $what);
    }
}
if ($what eq 'footer') {
    my ($text) = grep { $_->effective_type eq 'text/plain' } $mail->parts_DFS;
    my $words = $text->bodyhandle->as_string;
    my $out = $text->open('w');
    $out->print($words, "\n-- \nThis mail was checked by a gateway.\n");
    $out->close;
}
if ($what eq 'part') {
    for my $whole (grep { $_->effective_type eq 'multipart/mixed' } $mail->parts_DFS) {
        $whole->add_part(MIME::Entity->build(Top => 0, Type => 'text/plain', Data => ["Checked by a gateway.\n"]));
    }
}
$mail->print(\*STDOUT);
