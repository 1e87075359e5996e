// SPDX-License-Identifier: Apache-2.0
#include "judged.h"
#include "policy/builtin/script_argument.h"
#include "support/test_registry.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace luthien;
using namespace luthien::policy;
using namespace luthien::policy::builtin;

namespace {

const CallFacts kFacts{.api = conversation::Api::Gemini,
                       .identity = {.session = "s", .agent = "a", .client = "codex"},
                       .upstream = "gemini",
                       .model = "m\"1",
                       .stream = true};

QJsonObject read(const std::string& json)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

QString at(const QJsonObject& object, const char* name)
{
    return object[QLatin1String(name)].toString();
}

} // namespace

class TestScriptArgument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A script that asks for a kind there is not lets everything through, and nothing says so.
    void theDocumentNamesTheKindsThatScriptsGet()
    {
        QFile document(qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/docs/policies.md"));
        QVERIFY(document.open(QIODevice::ReadOnly));
        QString kinds;
        for (int kind = 0; kind <= static_cast<int>(conversation::PartKind::ToolResult); ++kind) {
            const std::vector<conversation::RequestPart> parts{{.kind = static_cast<conversation::PartKind>(kind)}};
            const QJsonArray got = read(requestArgument(parts, kFacts))[QStringLiteral("parts")].toArray();
            kinds += (kind > 0 ? QStringLiteral(", `") : QStringLiteral("`")) +
                     got.at(0)[QStringLiteral("kind")].toString() + u'`';
        }
        const QString sentence = QStringLiteral("kinds are ") + kinds + QStringLiteral(" |");
        QVERIFY2(QString::fromUtf8(document.readAll()).contains(sentence), qPrintable(sentence));
    }

    void eachTellsWhoseCallItIs()
    {
        const CallFacts& facts = kFacts;
        for (const std::string& json : {requestArgument({}, facts), textArgument("x", facts), endArgument({}, facts)}) {
            const QJsonObject context = read(json)[QStringLiteral("context")].toObject();
            QCOMPARE(at(context, "api"), QStringLiteral("gemini"));
            QCOMPARE(at(context, "model"), QStringLiteral("m\"1"));
            QCOMPARE(at(context, "session") + at(context, "agent") + at(context, "client"), QStringLiteral("sacodex"));
            QCOMPARE(context[QStringLiteral("stream")], QJsonValue(true));
        }
    }

    void aToolCallIsThereWithWhatWasReadOnce()
    {
        const boost::json::value arguments = *parseStrictJson(R"({"a":["\u0072m"]})");
        const conversation::ToolCall call{.executor = conversation::Executor::Server,
                                          .id = "t1",
                                          .name = "web_search",
                                          .arguments = R"({"a":["\u0072m"]})"};
        const QJsonObject said = read(toolArgument({call, &arguments}, kFacts));
        QCOMPARE(at(said, "name") + at(said, "id") + at(said, "executor"), QStringLiteral("web_searcht1server"));
        QCOMPARE(said[QStringLiteral("arguments")].toObject()[QStringLiteral("a")].toArray().first().toString(),
                 QStringLiteral("rm"));
        const conversation::ToolCall free{.isFreeText = true, .name = "p", .arguments = "*** \"x\""};
        QCOMPARE(at(read(toolArgument({free, nullptr}, kFacts)), "arguments"), QStringLiteral("*** \"x\""));
    }

    void requestsAndEndsAreTold()
    {
        const std::vector<conversation::RequestPart> parts{{.kind = conversation::PartKind::System, .text = "be kind"},
                                                           {.kind = conversation::PartKind::ToolResult,
                                                            .message = 3,
                                                            .toolId = "t",
                                                            .toolName = "Bash",
                                                            .text = "\n"}};
        const QJsonArray told = read(requestArgument(parts, kFacts))[QStringLiteral("parts")].toArray();
        QCOMPARE(told.size(), 2);
        QCOMPARE(at(told[0].toObject(), "kind") + at(told[1].toObject(), "kind"), QStringLiteral("systemtool_result"));
        QCOMPARE(told[1].toObject()[QStringLiteral("message")].toInt(), 3);
        conversation::CallEnded end;
        end.usage.output = 7;
        const QJsonObject usage = read(endArgument(end, kFacts))[QStringLiteral("usage")].toObject();
        QCOMPARE(usage[QStringLiteral("output")].toInt(), 7);
        QVERIFY(usage[QStringLiteral("input")].isNull());
    }
};

LUTHIEN_TEST(tst_script_argument, TestScriptArgument)
#include "tst_script_argument.moc"
