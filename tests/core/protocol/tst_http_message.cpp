// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_message.h"
#include "support/test_registry.h"

using namespace luthien::protocol;

class TestHttpMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesCompareWithoutCase();
    void setLeavesOneFieldInPlace();
    void removesWhatBelongsToOneConnection();
};

void TestHttpMessage::namesCompareWithoutCase()
{
    Fields fields;
    QVERIFY(!fields.has("a"));
    QVERIFY(fields.value("a").empty());
    fields.add("X-Key", "1");
    fields.add("x-key", "2");
    QCOMPARE(fields.count("X-KEY"), 2U);
    QVERIFY(fields.value("x-KEY") == "1");
    QCOMPARE(fields.all()[1].name, std::string("x-key"));
    QVERIFY(!fields.has("x-ke"));
    QVERIFY(!fields.has("x_key")); // @ and `, [ and { differ by the case bit too
    QVERIFY(!equalsIgnoringCase("@[", "`{"));
    fields.remove("X-KEY");
    QVERIFY(fields.all().empty());
}

void TestHttpMessage::setLeavesOneFieldInPlace()
{
    Fields fields;
    fields.add("A", "1");
    fields.add("b", "2");
    fields.add("a", "3");
    fields.set("A", "4");
    fields.set("C", "5");
    Fields expected;
    expected.add("A", "4");
    expected.add("b", "2");
    expected.add("C", "5");
    QVERIFY(fields == expected);
}

void TestHttpMessage::removesWhatBelongsToOneConnection()
{
    Fields fields;
    for (const char* name : {"keep-alive", "Proxy-Authorization", "Proxy-Anything", "TE", "Trailer", "Upgrade",
                             "Transfer-Encoding", "Content-Length", "X-Mine", "X-Other"})
        fields.add(name, "x");
    fields.add("Connection", "close, x-mine");
    fields.add("connection", "X-Other");
    fields.add("Host", "a");
    fields.add("Proxy", "stays");
    removeHopByHop(fields);
    Fields expected;
    expected.add("Host", "a");
    expected.add("Proxy", "stays");
    QVERIFY(fields == expected);
}

LUTHIEN_TEST(tst_http_message, TestHttpMessage)
#include "tst_http_message.moc"
