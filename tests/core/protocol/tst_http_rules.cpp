// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_rules.h"
#include "support/test_registry.h"

using namespace luthien::protocol;

namespace {
using Rows = std::initializer_list<std::pair<const char*, const char*>>; ///< value -> "status code" or ""

RequestHead post()
{
    RequestHead head;
    head.method = "POST";
    head.target = "/v1/messages";
    head.fields.add("Host", "a");
    return head;
}

QByteArray verdict(const std::optional<HttpError>& error)
{
    return error ? QByteArray::number(error->status) + ' ' + QByteArray::fromStdString(error->code) : QByteArray();
}

void rows(const char* what, const Rows& all)
{
    for (const auto& [value, expected] : all)
        QTest::addRow("%s: %s", what, value) << QByteArray(value) << QByteArray(expected);
}

void columns()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
}
} // namespace

class TestHttpRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void transferEncoding_data();
    void transferEncoding();
    void twoTransferEncodings_data();
    void twoTransferEncodings();
    void contentLength_data();
    void contentLength();
    void host_data();
    void host();
    void method_data();
    void method();
    void target_data();
    void target();
    void fieldName_data();
    void fieldName();
    void connection_data();
    void connection();
    void expect_data();
    void expect();
    void status_data();
    void status();
    void countsFieldsAndLines();
    void reducesAbsoluteTargets();
};

void TestHttpRules::transferEncoding_data()
{
    columns();
    rows("Transfer-Encoding", {{"chunked", ""},
                               {"CHUNKED", ""},
                               {"gzip", "400 bad_transfer_encoding"},
                               {"identity", "400 bad_transfer_encoding"},
                               {"xchunked", "400 bad_transfer_encoding"},
                               {"", "400 bad_transfer_encoding"},
                               {"\"chunked\"", "400 bad_transfer_encoding"},
                               {"\xa0"
                                "chunked",
                                "400 bad_transfer_encoding"},
                               {"x chunked", "400 bad_transfer_encoding"},
                               {"chunked, gzip", "400 bad_transfer_encoding"},
                               {"chunked, chunked", "400 bad_transfer_encoding"},
                               {"gzip;q=1, chunked", "400 bad_transfer_encoding"},
                               {"@, chunked", "400 bad_transfer_encoding"},
                               {"chunked;q=1", "400 bad_transfer_encoding"},
                               {"chunked x", "400 bad_transfer_encoding"},
                               {"chunked\xa0", "400 bad_transfer_encoding"},
                               {"chunked/x", "400 bad_transfer_encoding"},
                               {"chunked=1", "400 bad_transfer_encoding"},
                               {"chunked(c)", "400 bad_transfer_encoding"},
                               {"chunked,@", "400 bad_transfer_encoding"},
                               {"chunked,\"x\"", "400 bad_transfer_encoding"},
                               {"gzip, chunked", "501 unsupported_transfer_encoding"}});
}

void TestHttpRules::transferEncoding()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.add("Transfer-Encoding", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), expected);
    head.fields.add("Content-Length", "5");
    QVERIFY(checkRequest(head, {}));
    head.fields.remove("Content-Length");
    head.minorVersion = 0;
    QVERIFY(checkRequest(head, {}));
}

void TestHttpRules::twoTransferEncodings_data()
{
    columns();
    for (const char* first : {"x", "gzip", "", "chunked, x", "chunked"})
        rows("then chunked", {{first, "400 duplicate_transfer_encoding"}});
}

void TestHttpRules::twoTransferEncodings()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.add("Transfer-Encoding", value.toStdString());
    head.fields.add("transfer-encoding", "chunked");
    QCOMPARE(verdict(checkRequest(head, {})), expected);
}

void TestHttpRules::contentLength_data()
{
    columns();
    rows("Content-Length", {{"0", ""},
                            {"5", ""},
                            {"999999999999999999", ""},
                            {"1000000000000000000", "400 bad_content_length"},
                            {"9223372036854775808", "400 bad_content_length"},
                            {"18446744073709551615", "400 bad_content_length"},
                            {"", "400 bad_content_length"},
                            {"5, 5", "400 bad_content_length"},
                            {"5,5", "400 bad_content_length"},
                            {"005", "400 bad_content_length"},
                            {"00", "400 bad_content_length"},
                            {"+5", "400 bad_content_length"},
                            {"-0", "400 bad_content_length"},
                            {"0_1", "400 bad_content_length"},
                            {"0x5", "400 bad_content_length"},
                            {"5 5", "400 bad_content_length"}});
}

void TestHttpRules::contentLength()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.add("Content-Length", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), expected);
    head.fields.add("Content-Length", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), "400 duplicate_content_length");
}

void TestHttpRules::host_data()
{
    columns();
    rows("Host", {{"a", ""},
                  {"A.b-c_d:65535", ""},
                  {"127.0.0.1:8080", ""},
                  {"[::1]", ""},
                  {"[::1]:443", ""},
                  {"[::ffff:127.0.0.1]:1", ""},
                  {"", "400 bad_host"},
                  {"a, b", "400 bad_host"},
                  {"u@a", "400 bad_host"},
                  {"a/b", "400 bad_host"},
                  {"a b", "400 bad_host"},
                  {"a:99999", "400 bad_host"},
                  {"a:65536", "400 bad_host"},
                  {"a:", "400 bad_host"},
                  {"a:8o", "400 bad_host"},
                  {"a:+8", "400 bad_host"},
                  {"a:000080", "400 bad_host"},
                  {"a\"", "400 bad_host"},
                  {"\xe9", "400 bad_host"},
                  {"a%41", "400 bad_host"},
                  {":80", "400 bad_host"},
                  {"[::1", "400 bad_host"},
                  {"[]", "400 bad_host"},
                  {"[::1]x", "400 bad_host"},
                  {"[fe80::1%25eth0]", "400 bad_host"},
                  {"::1", "400 bad_host"}});
}

void TestHttpRules::host()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.set("Host", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), expected);
    head.fields.add("host", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), "400 duplicate_host");
}

void TestHttpRules::method_data()
{
    columns();
    rows("method", {{"GET", ""},
                    {"M-SEARCH", ""},
                    {"AAAAAAAAAAAAAAAAAAAA", ""},
                    {"AAAAAAAAAAAAAAAAAAAAA", "400 bad_method"},
                    {"get", "400 bad_method"},
                    {"!#$", "400 bad_method"},
                    {"", "400 bad_method"},
                    {"PRI", "501 unsupported_method"},
                    {"CONNECT", "501 unsupported_method"},
                    {"TRACE", "501 unsupported_method"},
                    {"TRACK", "501 unsupported_method"}});
}

void TestHttpRules::method()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.method = value.toStdString();
    QCOMPARE(verdict(checkRequest(head, {})), expected);
}

void TestHttpRules::target_data()
{
    columns();
    rows("target", {{"/", ""},
                    {"/a/b?c=d&e=[1]%20;:@!$'()*+,", ""},
                    {"http://a/b", ""},
                    {"HTTPS://A/b", ""},
                    {"http://a", ""},
                    {"http://a?b", ""},
                    {"x/y", "400 bad_target"},
                    {"a:80", "400 bad_target"},
                    {"*", "400 bad_target"},
                    {"", "400 bad_target"},
                    {"//x/y", "400 bad_target"},
                    {"http://a//x", "400 bad_target"},
                    {"/a#frag", "400 bad_target"},
                    {"/a\\x", "400 bad_target"},
                    {"/\xc3\xa9", "400 bad_target"},
                    {"/\"", "400 bad_target"},
                    {"/<", "400 bad_target"},
                    {"/>", "400 bad_target"},
                    {"/^", "400 bad_target"},
                    {"/{", "400 bad_target"},
                    {"/}", "400 bad_target"},
                    {"/|", "400 bad_target"},
                    {"/`", "400 bad_target"},
                    {"/\x7f", "400 bad_target"},
                    {"ftp://a/x", "400 bad_target"},
                    {"http:///x", "400 target_not_host"},
                    {"http://u@a/x", "400 target_not_host"},
                    {"http://b/x", "400 target_not_host"},
                    {"http://a:80/x", "400 target_not_host"}});
}

void TestHttpRules::target()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.target = value.toStdString();
    QCOMPARE(verdict(checkRequest(head, {})), expected);
    head.method = "OPTIONS";
    QCOMPARE(verdict(checkRequest(head, {})), value == "*" ? QByteArray() : expected);
}

void TestHttpRules::fieldName_data()
{
    columns();
    rows("field", {{"X-Host", ""},
                   {"Content-Length-Hint", ""},
                   {"Transfer_Encoding", "400 lookalike_field"},
                   {"Content_Length", "400 lookalike_field"},
                   {"ContentLength", "400 lookalike_field"},
                   {"Content.Length", "400 lookalike_field"},
                   {"transfer-encoding-", "400 lookalike_field"},
                   {"_Host", "400 lookalike_field"},
                   {"Ho-st", "400 lookalike_field"}});
}

void TestHttpRules::fieldName()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.add(value.toStdString(), "x");
    QCOMPARE(verdict(checkRequest(head, {})), expected);
}

void TestHttpRules::connection_data()
{
    columns();
    rows("Connection", {{"close", ""},
                        {"keep-alive, X-Mine", ""},
                        {"Host", "400 bad_connection"},
                        {"close, content-length", "400 bad_connection"},
                        {"Transfer-Encoding", "400 bad_connection"},
                        {"x ,\tAuthorization", "400 bad_connection"},
                        {"cookie", "400 bad_connection"}});
}

void TestHttpRules::connection()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.add("Connection", "keep-alive");
    head.fields.add("connection", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), expected);
}

void TestHttpRules::expect_data()
{
    columns();
    rows("Expect", {{"100-continue", ""},
                    {"100-Continue", ""},
                    {"", "417 bad_expectation"},
                    {"200-ok", "417 bad_expectation"},
                    {"100-continue, x", "417 bad_expectation"}});
}

void TestHttpRules::expect()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    RequestHead head = post();
    head.fields.add("Expect", value.toStdString());
    QCOMPARE(verdict(checkRequest(head, {})), expected);
}

void TestHttpRules::status_data()
{
    columns();
    rows("status", {{"100", ""},
                    {"200", ""},
                    {"599", ""},
                    {"000", "502 bad_status"},
                    {"099", "502 bad_status"},
                    {"600", "502 bad_status"},
                    {"999", "502 bad_status"}});
}

void TestHttpRules::status()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, expected);
    ResponseHead head;
    head.status = value.toUInt();
    QCOMPARE(verdict(checkResponse(head, {})), expected);
    head.fields.add("Transfer_Encoding", "x");
    QCOMPARE(verdict(checkResponse(head, {})), "502 lookalike_field");
}

void TestHttpRules::countsFieldsAndLines()
{
    RequestHead head = post();
    const HttpLimits limits{.fieldCount = 3};
    head.fields.add("A", "b");
    head.fields.add("A", "b");
    QVERIFY(!checkRequest(head, limits));
    head.fields.add("A", "b");
    QCOMPARE(verdict(checkRequest(head, limits)), "431 too_many_fields");
    head.fields.clear();
    QCOMPARE(verdict(checkRequest(head, limits)), "400 no_host");
    head.minorVersion = 0;
    QVERIFY(!checkRequest(head, limits));
    head.target = "http://a/";
    QCOMPARE(verdict(checkRequest(head, limits)), "400 target_not_host");
}

void TestHttpRules::reducesAbsoluteTargets()
{
    QCOMPARE(originForm("GET", "/a?b"), std::string("/a?b"));
    QCOMPARE(originForm("OPTIONS", "*"), std::string("*"));
    QCOMPARE(originForm("GET", "http://a:1/b?c"), std::string("/b?c"));
    QCOMPARE(originForm("GET", "https://a"), std::string("/"));
    QCOMPARE(originForm("OPTIONS", "https://a"), std::string("*"));
    QCOMPARE(originForm("GET", "http://a?b/c"), std::string("/?b/c"));
}

LUTHIEN_TEST(tst_http_rules, TestHttpRules)
#include "tst_http_rules.moc"
