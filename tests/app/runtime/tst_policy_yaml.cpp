// SPDX-License-Identifier: Apache-2.0
#include "policy/approval_desk.h"
#include "policy/builtin/builtin.h"
#include "policy/chain.h"
#include "runtime/policy_yaml.h"
#include "support/test_registry.h"

#include <QDir>
#include <QTemporaryDir>

#include <yaml-cpp/yaml.h>

#include <fstream>

using namespace luthien;
using namespace luthien::runtime;

class TestPolicyYaml : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsSettingsAsJson_data();
    void readsSettingsAsJson();
    void enforcesUnlessToldOtherwise();
    void refuses_data();
    void refuses();
    void readsFiles_data();
    void readsFiles();
    void keepsApartWhatAFileDoesNotSay();
    void findsTheLineOfAField();
    void whatIsWrittenReadsTheSame();
    void thePresetsCanBeRun_data();
    void thePresetsCanBeRun();
};

void TestPolicyYaml::readsSettingsAsJson_data()
{
    QTest::addColumn<std::string>("yaml");
    QTest::addColumn<std::string>("json");
    const auto row = [](const char* name, const char* yaml, const char* json) {
        QTest::newRow(name) << std::string(yaml) << std::string(json);
    };
    row("numbers", "{a: 7, b: -1, c: 0.5, d: 1e3}", R"({"a":7,"b":-1,"c":5E-1,"d":1E3})");
    row("numbers in quotes are texts", "{a: '7', b: \"1\"}", R"({"a":"7","b":"1"})");
    row("truth", "{a: true, b: false, c: 'true'}", R"({"a":true,"b":false,"c":"true"})");
    row("words that were truth in old YAML", "{a: yes, b: off, c: no, d: on}",
        R"({"a":"yes","b":"off","c":"no","d":"on"})");
    row("what only looks like a number", "{a: 1.2.3, b: 0x10, c: 12 apples, d: 2026-01-01, e: nan, f: inf}",
        R"({"a":"1.2.3","b":"0x10","c":"12 apples","d":"2026-01-01","e":"nan","f":"inf"})");
    row("nothing", "{a: null, b: ~, c: }", R"({"a":null,"b":null,"c":null})");
    row("lists and objects", "{rules: [{tool: 'rm*', do: deny}], default: allow}",
        R"({"rules":[{"tool":"rm*","do":"deny"}],"default":"allow"})");
}

void TestPolicyYaml::readsSettingsAsJson()
{
    QFETCH(std::string, yaml);
    QFETCH(std::string, json);
    const auto definition = definitionFromYaml(YAML::Load("{id: a, type: noop, config: " + yaml + "}"));
    QVERIFY2(definition.hasValue(), definition ? "" : definition.error().toString().c_str());
    QCOMPARE(definition->config, json);
}

void TestPolicyYaml::enforcesUnlessToldOtherwise()
{
    QCOMPARE(definitionFromYaml(YAML::Load("{id: 7, type: noop}"))->mode, policy::PolicyMode::Enforce);
    QCOMPARE(definitionFromYaml(YAML::Load("{id: 7, type: noop}"))->id, std::string("7"));
    QCOMPARE(definitionFromYaml(YAML::Load("{id: a, type: noop, mode: off}"))->mode, policy::PolicyMode::Off);
    QCOMPARE(definitionFromYaml(YAML::Load("{id: a, type: noop, mode: shadow}"))->mode, policy::PolicyMode::Shadow);
}

void TestPolicyYaml::refuses_data()
{
    QTest::addColumn<std::string>("yaml");
    QTest::addColumn<std::string>("context");
    std::string deep = "{id: a, type: noop, config: {a: ";
    for (int i = 0; i < 100; ++i)
        deep += '[';
    deep += std::string(100, ']') + "}}";
    std::string many = "id: a\ntype: noop\nconfig:\n  l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string below = "*l" + std::to_string(i - 1);
        many += "  l" + std::to_string(i) + ": &l" + std::to_string(i) + " [" + below;
        for (int j = 0; j < 9; ++j)
            many += ", " + below;
        many += "]\n";
    }
    QTest::newRow("no id") << std::string("{type: noop}") << std::string("id");
    QTest::newRow("a mode nobody knows") << std::string("{id: a, type: noop, mode: on}") << std::string("mode");
    QTest::newRow("a member nobody knows") << std::string("{id: a, type: noop, rules: []}") << std::string("rules");
    QTest::newRow("a setting twice") << std::string("{id: a, type: noop, config: {x: 1, x: 2}}")
                                     << std::string("config");
    QTest::newRow("a list as a name") << std::string("{id: a, type: noop, config: {[x]: 1}}") << std::string("config");
    QTest::newRow("nested too deep") << deep << std::string("config");
    QTest::newRow("aliases that multiply") << many << std::string("config");
}

void TestPolicyYaml::refuses()
{
    QFETCH(std::string, yaml);
    QFETCH(std::string, context);
    const auto definition = definitionFromYaml(YAML::Load(yaml));
    QVERIFY(!definition.hasValue());
    QCOMPARE(definition.error().code, ErrorCode::InvalidInput);
    QCOMPARE(definition.error().context, context);
}

void TestPolicyYaml::readsFiles_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("outcome"); // ids and modes, or where it is wrong
    const auto row = [](const char* name, const char* text, const char* outcome) {
        QTest::newRow(name) << std::string(text) << std::string(outcome);
    };
    row("one policy", "id: a\ntype: noop\nmode: shadow\n", "a shadow ");
    row("a list", "- {id: a, type: noop}\n- {id: b, type: noop, mode: off}\n", "a enforce b off ");
    row("policies of a configuration", "listen: 1\npolicies:\n  - {id: a, type: noop}\n", "a enforce ");
    row("JSON", R"({"policies":[{"id":"a","type":"noop","config":{"x":[1,2]}}]})", "a enforce ");
    row("no policies", "policies: []\n", "");
    row("a setting nobody knows", "policies:\n  - {id: a, type: noop}\n  - {id: b, type: noop, colour: red}\n",
        "policies.yaml:3");
    row("something else", "- just text\n", "policies.yaml:1");
    row("a field below", "- id: a\n  type: noop\n  scope:\n    tools:\n      - x\n      - {}\n", "policies.yaml:6");
    row("no YAML", "a: [1,\nb: }\n", "policies.yaml:2");
    row("nothing", "", "policies.yaml");
}

void TestPolicyYaml::readsFiles()
{
    QFETCH(std::string, text);
    QFETCH(std::string, outcome);
    const QTemporaryDir directory;
    const std::filesystem::path file = directory.filePath(QStringLiteral("policies.yaml")).toStdString();
    std::ofstream(file) << text;
    const auto read = readPolicyFile(file);
    std::string told = read ? "" : read.error().context.substr(directory.path().size() + 1);
    if (read) {
        for (const policy::Definition& definition : *read)
            told += definition.id + ' ' + std::string(conversation::policyModeName(definition.mode)) + ' ';
    }
    QCOMPARE(told, outcome);
}

void TestPolicyYaml::keepsApartWhatAFileDoesNotSay()
{
    const QTemporaryDir directory;
    const std::filesystem::path file = directory.filePath(QStringLiteral("p.yaml")).toStdString();
    std::ofstream(file) << "- {id: a, type: noop}\n- {id: b, type: noop, mode: enforce}\n";
    const auto written = readWrittenPolicies(file);
    QVERIFY(written && !written->at(0).namesMode && written->at(1).namesMode);
    std::ofstream(file) << "# all of it a comment\n";
    QVERIFY(readWrittenPolicies(file).error().message.find("no policy") != std::string::npos);
    std::ofstream(file) << "id: a: b\n";
    QVERIFY(readWrittenPolicies(file).error().message.find("not valid YAML") != std::string::npos);
}

void TestPolicyYaml::findsTheLineOfAField()
{
    const QTemporaryDir directory;
    const std::filesystem::path file = directory.filePath(QStringLiteral("p.yaml")).toStdString();
    std::ofstream(file) << "policies:\n- id: a\n  type: noop\n- id: b\n  type: tool-rules\n  config:\n    rules:\n"
                           "      - {tool: x, do: deny}\n      - tool: y\n        do: what\n";
    const auto line = [&file](const char* field) { return placeOfField(file, field).substr(file.string().size()); };
    QCOMPARE(line("policies[b].config.rules[1].do"), std::string(":10"));
    QCOMPARE(line("policies[b].config.rules[0].reason"), std::string(":8"));
    QCOMPARE(line("policies[b].on_error"), std::string(":4"));
    QCOMPARE(line("policies[a].type"), std::string(":3"));
    QCOMPARE(placeOfField(file, "policies[c].type"), std::string());
    QCOMPARE(placeOfField(file, "if_version"), std::string());
}

void TestPolicyYaml::whatIsWrittenReadsTheSame()
{
    policy::Definition script{
        .id = "7", .type = "javascript", .name = "no: \"x\" # it", .mode = policy::PolicyMode::Off};
    script.config =
        R"json({"source":"// a\nfunction onText(t) {\n    return luthien.allow();\n}\n","n":"12",)json"
        R"json("half":0.25,"big":-9007199254740993,"yes":true,"none":null,"list":[],"deep":{"a":[{"b":"x\n"}]},)json"
        R"json("odd":"\n  two\n\n","tab":"a\tb\n","last":"a\nb","space":" a\nb\n","utf":"\u202e\u00e9"})json";
    script.scope.agents = {"", "sub*"};
    script.onBlock = policy::OnBlock::End;
    const std::vector<policy::Definition> all{script, {.id = "off", .type = "noop"}};
    const std::string text = toYaml(all);
    const auto read = writtenPoliciesFrom(text, "x.yaml");
    QVERIFY2(read.hasValue(), read ? "" : (read.error().toString() + "\n" + text).c_str());
    QCOMPARE(read->size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string back = policy::toJson((*read)[i].definition);
        QVERIFY2(back == policy::toJson(all[i]), (back + "\n" + policy::toJson(all[i])).c_str());
        QVERIFY((*read)[i].namesMode);
    }
    QVERIFY2(text.find("    function onText(t) {\n") != std::string::npos, text.c_str()); // lines stay lines
}

void TestPolicyYaml::thePresetsCanBeRun_data()
{
    QTest::addColumn<QString>("file");
    const QString folder = qEnvironmentVariable("LUTHIEN_SOURCE_DIR") + QStringLiteral("/resources/presets");
    // Those in JavaScript need hosts to run in: core/script/tst_presets.
    for (const QFileInfo& file : QDir(folder).entryInfoList({QStringLiteral("*.yaml")}))
        if (!file.fileName().startsWith(QStringLiteral("javascript-")))
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
}

void TestPolicyYaml::thePresetsCanBeRun()
{
    QFETCH(QString, file);
    const auto definitions = readPolicyFile(file.toStdString());
    QVERIFY2(definitions.hasValue(), definitions ? "" : definitions.error().toString().c_str());
    const SystemClock clock;
    policy::ApprovalDesk desk(clock);
    const auto chain = policy::Chain::build(policy::builtin::registry(), *definitions, {.approvals = &desk});
    QVERIFY2(chain.hasValue(), chain ? "" : chain.error().toString().c_str());
    QVERIFY((*chain)->enforces());
}

LUTHIEN_TEST(tst_policy_yaml, TestPolicyYaml)
#include "tst_policy_yaml.moc"
