// SPDX-License-Identifier: Apache-2.0
#include "runtime/config_keys.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace luthien;
using namespace luthien::runtime;

class TestConfigKeys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKeyReadsWhatItShows();
    void schemaKnowsTheSameKeys();
    void documentationNamesEveryKeyWithItsDefault();
    void namesVariables();
    void credential_data();
    void credential();
};

namespace {
std::string sourceFile(const char* path)
{
    std::ifstream file(std::string(qgetenv("LUTHIEN_SOURCE_DIR")) + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The dotted paths of a schema's scalar properties.
void collectScalars(const boost::json::object& schema, const std::string& prefix, std::set<std::string>& paths)
{
    for (const auto& property : schema.at("properties").as_object()) {
        const auto& rule = property.value().as_object();
        const std::string path = prefix + std::string(property.key().data(), property.key().size());
        if (rule.contains("properties"))
            collectScalars(rule, path + '.', paths);
        else if (!rule.contains("items"))
            paths.insert(path);
    }
}
} // namespace

void TestConfigKeys::everyKeyReadsWhatItShows()
{
    for (const ConfigKey& key : configKeys()) {
        for (const Program program : {Program::Daemon, Program::Desktop}) {
            Config config = defaultConfig(program);
            const std::string shown = key.show(config);
            const auto set = key.set(config, shown);
            QVERIFY2(set.hasValue(), (key.path + " does not read its default " + shown).c_str());
            QCOMPARE(key.show(config), shown);
            QVERIFY2(!key.set(config, "no such value").hasValue(), key.path.c_str());
        }
    }
}

void TestConfigKeys::schemaKnowsTheSameKeys()
{
    const auto schema = boost::json::parse(sourceFile("/resources/config.schema.json")).as_object();
    std::set<std::string> described;
    collectScalars(schema, "", described);
    std::set<std::string> known;
    for (const ConfigKey& key : configKeys())
        known.insert(key.path);
    QCOMPARE(described, known);
}

void TestConfigKeys::documentationNamesEveryKeyWithItsDefault()
{
    const std::string text = sourceFile("/docs/configuration.md");
    const Config config = defaultConfig(Program::Daemon);
    for (const ConfigKey& key : configKeys()) {
        const std::string row = "| `" + key.path + "` | `" + key.show(config) + "` |";
        QVERIFY2(text.find(row) != std::string::npos, ("missing: " + row).c_str());
    }
}

void TestConfigKeys::namesVariables()
{
    QCOMPARE(environmentName("listen"), "LUTHIEN_LISTEN");
    QCOMPARE(environmentName("limits.request_body"), "LUTHIEN_LIMITS__REQUEST_BODY");
    QVERIFY(findConfigKey("limits.idle") != nullptr);
    QVERIFY(findConfigKey("limits") == nullptr);
}

void TestConfigKeys::credential_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<bool>("isValid");
    QTest::newRow("passthrough") << std::string("passthrough") << true;
    QTest::newRow("a variable") << std::string("env:KEY") << true;
    QTest::newRow("a secret") << std::string("secret:openai") << true;
    QTest::newRow("a variable without name") << std::string("env:") << false;
    QTest::newRow("a secret without name") << std::string("secret:") << false;
    QTest::newRow("a key itself") << std::string("sk-123") << false;
}

void TestConfigKeys::credential()
{
    QFETCH(std::string, text);
    const auto parsed = parseCredential(text);
    QTEST(parsed.hasValue(), "isValid");
    if (parsed)
        QCOMPARE(parsed->toString(), text);
}

LUTHIEN_TEST(tst_config_keys, TestConfigKeys)
#include "tst_config_keys.moc"
