// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/readable_json.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestReadableJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void indents_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("lines");
        QTest::newRow("members in their order")
            << QByteArray("{\"b\":1,\"a\":[true,null]}")
            << QByteArray("{\n  \"b\": 1,\n  \"a\": [\n    true,\n    null\n  ]\n}");
        QTest::newRow("both of two equal names")
            << QByteArray("{\"a\":1,\"a\":2}") << QByteArray("{\n  \"a\": 1,\n  \"a\": 2\n}");
        QTest::newRow("signs inside strings stay")
            << QByteArray("{\"a\":\"{,\\\"}:\"}") << QByteArray("{\n  \"a\": \"{,\\\"}:\"\n}");
        QTest::newRow("incomplete JSON") << QByteArray("{\"a\":\"un") << QByteArray("{\n  \"a\": \"un");
        QTest::newRow("empty ones stay short") << QByteArray("{}") << QByteArray("{}");
        QTest::newRow("free text as it is") << QByteArray("*** Begin Patch\n {") << QByteArray("*** Begin Patch\n {");
    }
    void indents()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, lines);
        QCOMPARE(QByteArray::fromStdString(indentJson(json.toStdString())), lines);
    }

    void findsWhatTells_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("telling");
        QTest::newRow("a command") << QByteArray("{\"description\":\"x\",\"command\":\"ls -l\"}")
                                   << QByteArray("ls -l");
        QTest::newRow("a path") << QByteArray("{\"file_path\":\"/a/b\",\"content\":\"c\"}") << QByteArray("/a/b");
        QTest::newRow("a vector of words")
            << QByteArray("{\"cmd\":[\"bash\",\"-c\",\"ls\"]}") << QByteArray("bash -c ls");
        QTest::newRow("nothing known shows all") << QByteArray("{\"x\":1}") << QByteArray("{\"x\":1}");
        QTest::newRow("broken JSON shows all") << QByteArray("{\"command\":") << QByteArray("{\"command\":");
        QTest::newRow("no arguments show nothing") << QByteArray("{}") << QByteArray();
    }
    void findsWhatTells()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, telling);
        QCOMPARE(QByteArray::fromStdString(tellingArgument(arguments.toStdString())), telling);
    }
};

LUTHIEN_TEST(tst_readable_json, TestReadableJson)
#include "tst_readable_json.moc"
