<?php
/**
 * WordPress itself, without a web server and with a database that holds nothing: what becomes of our addresses in it.
 *
 * php wordpress.php FOLDER PORT, then one JSON array a line on standard input: a function of WordPress and its
 * arguments. One JSON value a line comes back.
 */

define( 'ABSPATH', rtrim( $argv[1], '/' ) . '/' );
define( 'WP_INSTALLING', true ); // nobody is sent to the page that installs it
error_reporting( E_ALL & ~E_DEPRECATED );
$_SERVER = array(
	'HTTP_HOST'       => 'partner.example.org',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
) + $_SERVER;
$table_prefix = 'wp_';
require ABSPATH . 'wp-settings.php';

foreach ( array( 'home', 'siteurl' ) as $name ) {
	add_filter( "pre_option_$name", fn() => 'https://partner.example.org' );
}
add_filter( 'pre_option_date_format', fn() => 'j F Y' );
// WordPress asks no address of its own machine, and few ports: both are what a test has.
add_filter( 'http_request_host_is_external', '__return_true' );
add_filter( 'http_allowed_safe_ports', fn() => array( (int) $argv[2] ) );

/** The titles, links and times of a feed's newest items, as the RSS block and widgets get them. */
function read_feed( $url ) {
	$feed = fetch_feed( $url );
	if ( is_wp_error( $feed ) ) {
		return $feed->get_error_message();
	}
	return array_map(
		fn( $item ) => array( $item->get_title(), $item->get_permalink(), $item->get_date( 'U' ) ),
		$feed->get_items( 0, 5 )
	);
}

while ( ( $line = fgets( STDIN ) ) !== false ) {
	$call = json_decode( $line, true );
	echo json_encode( array_shift( $call )( ...$call ), JSON_UNESCAPED_UNICODE ), "\n";
}
