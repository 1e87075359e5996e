// SPDX-License-Identifier: Apache-2.0
#include "policy/definition.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;

namespace {

Definition sample()
{
    return {.id = "sql",
            .type = "destructive-sql",
            .name = "No drops",
            .mode = PolicyMode::Enforce,
            .config = R"({"classes":["drop"],"b":1})",
            .onError = OnError::Pass,
            .agentText = AgentText::Full};
}

class TestDefinition : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWrittenAndReadBack()
    {
        const std::string json = toJson(sample());
        const Result<Definition> read = definitionFromJson(json);
        QVERIFY(read.hasValue());
        QVERIFY(*read == sample());
        QCOMPARE(toJson(*read), json);
    }

    void scopeAndOnBlockAreWrittenOnlyIfTheySaySomething()
    {
        QVERIFY(toJson(sample()).find("scope") == std::string::npos);
        QVERIFY(toJson(sample()).find("on_block") == std::string::npos);
        Definition definition = sample();
        definition.onBlock = OnBlock::Retry;
        definition.scope = {.models = {"gpt-*", "o?"}, .agents = {"", "sub*"}};
        const std::string json = toJson(definition);
        QVERIFY(json.find(R"("on_block":"retry","scope":{"models":["gpt-*","o?"],"agents":["","sub*"]})") !=
                std::string::npos);
        const Result<Definition> read = definitionFromJson(json);
        QVERIFY(read.hasValue());
        QVERIFY(*read == definition);
        QCOMPARE(toJson(*read), json);
    }

    /// Decisions that are stored name it.
    void theVersionsOfBeforeThereWasAScopeStillHold()
    {
        QCOMPARE(versionOf(sample()), std::string("651fee9ff659db9675add607a2fe7dbe048b816759489ad8684f1c36da495aab"));
        QCOMPARE(versionOf(*definitionFromJson(R"({"id":"n","type":"noop","scope":{},"on_block":"replace"})")),
                 versionOf({.id = "n", .type = "noop"}));
    }

    void mostMembersMayBeLeftOut()
    {
        const Result<Definition> read = definitionFromJson(R"({"type":"noop","id":"n"})");
        QVERIFY(read.hasValue());
        QVERIFY((*read == Definition{.id = "n", .type = "noop"}));
    }

    void theVersionIsThatOfTheContentNotOfItsSpelling()
    {
        const std::string version = versionOf(sample());
        QCOMPARE(version.size(), std::size_t(64));
        Definition spaced = sample();
        spaced.config = "{ \"classes\": [\"drop\"],\n\"b\": 1 }";
        QCOMPARE(versionOf(spaced), version);
        Definition shadow = sample();
        shadow.mode = PolicyMode::Shadow;
        QCOMPARE(versionOf(shadow), version);
    }

    void everyOtherChangeIsANewVersion()
    {
        std::vector<Definition> changed(8, sample());
        changed[0].id = "sql2";
        changed[1].type = "noop";
        changed[2].name = "";
        changed[3].config = "{}";
        changed[4].onError = OnError::Block;
        changed[5].agentText = AgentText::Scoped;
        changed[6].onBlock = OnBlock::End;
        changed[7].scope.clients = {"codex"};
        for (const Definition& definition : changed)
            QVERIFY(versionOf(definition) != versionOf(sample()));
    }

    void refusesWhatItDoesNotUnderstand_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char* name, const QByteArray& json, const char* where) {
            QTest::newRow(name) << json << QByteArray(where);
        };
        row("no id", R"({"type":"noop"})", "id");
        row("an id with a blank", R"({"id":"a b","type":"noop"})", "id");
        row("no type", R"({"id":"a"})", "type");
        row("a name of two lines", R"({"id":"a","type":"noop","name":"x\ny"})", "name");
        row("a very long name", "{\"id\":\"a\",\"type\":\"noop\",\"name\":\"" + QByteArray(201, 'x') + "\"}", "name");
        row("an unknown mode", R"({"id":"a","type":"noop","mode":"on"})", "mode");
        row("a config that is a text", R"({"id":"a","type":"noop","config":"{}"})", "config");
        row("an unknown on_error", R"({"id":"a","type":"noop","on_error":"fail"})", "on_error");
        row("an unknown agent_text", R"({"id":"a","type":"noop","agent_text":"all"})", "agent_text");
        row("an unknown on_block", R"({"id":"a","type":"noop","on_block":"drop"})", "on_block");
        row("a scope that is a list", R"({"id":"a","type":"noop","scope":[]})", "scope");
        row("a scope of what there is not", R"({"id":"a","type":"noop","scope":{"users":["a"]}})", "scope.users");
        row("a glob that is no text", R"({"id":"a","type":"noop","scope":{"models":["a",7]}})", "scope.models[1]");
        row("globs too large together",
            "{\"id\":\"a\",\"type\":\"noop\",\"scope\":{\"tools\":[" +
                (("\"" + QByteArray(4000, 'x') + "\",").repeated(5)).chopped(1) + "]}}",
            "scope.tools");
        row("a misspelt member", R"({"id":"a","type":"noop","onerror":"pass"})", "onerror");
    }
    void refusesWhatItDoesNotUnderstand()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, where);
        const Result<Definition> read = definitionFromJson(json.toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidInput);
        QCOMPARE(QByteArray::fromStdString(read.error().context), where);
    }

    void isOneObject()
    {
        QVERIFY(!definitionFromJson("[]"));
        QVERIFY(!definitionFromJson(R"({"id":"a","type":"noop","id":"b"})"));
        QVERIFY(definitionFromJson(R"({"id":"a","type":"noop","on_block":"replace"})").hasValue());
    }
};

} // namespace

LUTHIEN_TEST(tst_definition, TestDefinition)
#include "tst_definition.moc"
