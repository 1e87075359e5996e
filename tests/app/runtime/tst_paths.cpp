// SPDX-License-Identifier: Apache-2.0
#include "runtime/paths.h"
#include "support/test_registry.h"

using namespace luthien::runtime;

class TestPaths : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void dataDirectory_data();
    void dataDirectory();
    void configFile();
};

void TestPaths::dataDirectory_data()
{
    QTest::addColumn<std::string>("named");
    QTest::addColumn<Variables>("environment");
    QTest::addColumn<std::string>("directory"); // empty = refused
    const std::string none;
    QTest::newRow("below home") << none << Variables{{"HOME", "/home/me"}}
                                << std::string("/home/me/.local/share/luthien");
    QTest::newRow("below XDG_DATA_HOME") << none << Variables{{"HOME", "/home/me"}, {"XDG_DATA_HOME", "/data"}}
                                         << std::string("/data/luthien");
    QTest::newRow("a relative XDG_DATA_HOME is ignored")
        << none << Variables{{"HOME", "/home/me"}, {"XDG_DATA_HOME", "data"}}
        << std::string("/home/me/.local/share/luthien");
    QTest::newRow("named by the user") << std::string("/srv/../srv/luthien") << Variables{}
                                       << std::string("/srv/luthien");
    QTest::newRow("no home at all") << none << Variables{} << none;
}

void TestPaths::dataDirectory()
{
    QFETCH(std::string, named);
    QFETCH(Variables, environment);
    QFETCH(std::string, directory);
    const auto paths = resolvePaths(named, environment);
    QCOMPARE(paths ? paths->dataDirectory.string() : std::string(), directory);
    if (paths)
        QCOMPARE(paths->tokenFile().string(), directory + "/control-token");
}

void TestPaths::configFile()
{
    QCOMPARE(defaultConfigFile({{"HOME", "/home/me"}}).string(), "/home/me/.config/luthien/config.yaml");
    QCOMPARE(defaultConfigFile({{"XDG_CONFIG_HOME", "/etc/xdg"}}).string(), "/etc/xdg/luthien/config.yaml");
    QVERIFY(defaultConfigFile({}).empty());
}

LUTHIEN_TEST(tst_paths, TestPaths)
#include "tst_paths.moc"
