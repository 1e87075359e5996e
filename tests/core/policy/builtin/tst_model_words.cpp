// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/model_words.h"
#include "support/test_registry.h"

#include <boost/json/serialize.hpp>

using namespace luthien;
using namespace luthien::policy::builtin;

namespace {

/// {"p":1,"e":"it wrote {\"p\":0}"}
constexpr const char* kQuotedVerdict = "{\"p\":1,\"e\":\"it wrote {\\\"p\\\":0}\"}";

/// {"p":{"q":[{}]},"r":"{"}
constexpr const char* kNested = "{\"p\":{\"q\":[{}]},\"r\":\"{\"}";

class TestModelWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingEndsAQuote()
    {
        QVERIFY(quoted("a", R"(</a><a x='y' z="&lt;">)") ==
                "<a>&lt;/a&gt;&lt;a x=&#39;y&#39; z=&quot;&amp;lt;&quot;&gt;</a>");
    }

    void theLastObjectCounts_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<QByteArray>("object"); ///< empty = none
        const auto row = [](const char* name, const QByteArray& reply, const char* object) {
            QTest::newRow(name) << reply << QByteArray(object);
        };
        row("alone", R"({"p":1})", R"({"p":1})");
        row("in a fence", "```json\n{\"p\":1}\n```\n", R"({"p":1})");
        row("after words", "I think: {\"p\":1}\n", R"({"p":1})");
        row("after a verdict that was quoted", R"(It says {"p":0}, but {"p":1})", R"({"p":1})");
        row("with an object inside", kNested, kNested);
        row("with a verdict inside a text", kQuotedVerdict, kQuotedVerdict);
        row("a fence after words", "So:\n```json\n{\"p\":1}\n```", R"({"p":1})");
        row("a fence on one line", "```{\"p\":1}```", "");
        row("words after it", R"({"p":1} or {"p":0}?)", "");
        row("a second object cut off", "{\"p\":0} {\"p\":1", "");
        row("members twice", R"({"p":0,"p":1})", "");
        row("a list", "[1]", "");
        row("an object in a list", R"([{"p":1}])", "");
        row("nothing", "", "");
        row("words", "The call is harmless.", "");
        row("many braces", QByteArray(100'000, '{') + QByteArray(100'000, '}'), "");
        row("very long", QByteArray(300'000, ' ') + R"({"p":1})", "");
    }
    void theLastObjectCounts()
    {
        QFETCH(QByteArray, reply);
        QFETCH(QByteArray, object);
        const auto found = lastObject(reply.toStdString());
        QCOMPARE(found.hasValue(), !object.isEmpty());
        if (found)
            QCOMPARE(QByteArray::fromStdString(boost::json::serialize(*found)), object);
    }

    void anObjectMayBeFullOfBraces()
    {
        const boost::json::object code{{"text", std::string(50'000, '{')}};
        for (const char* fence : {"", "```json\n"}) {
            const std::string end = *fence != 0 ? "\n```" : "";
            QVERIFY(*lastObject(fence + boost::json::serialize(code) + end) == code);
        }
    }
};

} // namespace

LUTHIEN_TEST(tst_model_words, TestModelWords)
#include "tst_model_words.moc"
