// SPDX-License-Identifier: Apache-2.0
#include "desktop/request_settings.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using luthien::conversation::BlockKind;

class TestRequestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A block is written as KIND:name=text.
    void readsWhatIsNoMessage_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QStringList>("blocks");
        QTest::newRow("Messages, instructions as text")
            << QByteArray("{\"model\":\"m\",\"system\":\"be kind\",\"messages\":[{}]}")
            << QStringList{u"0:=be kind"_s, u"6:settings={\"model\":\"m\"}"_s};
        QTest::newRow("Messages, instructions as blocks, tools")
            << QByteArray(
                   "{\"system\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}],\"tools\":"
                   "[{\"name\":\"Bash\"}],\"messages\":[]}")
            << QStringList{u"0:=a"_s, u"0:=b"_s, u"6:tool Bash={\"name\":\"Bash\"}"_s};
        QTest::newRow("Chat, whose tools are in an envelope")
            << QByteArray("{\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}")
            << QStringList{u"6:tool f={\"type\":\"function\",\"function\":{\"name\":\"f\"}}"_s};
        QTest::newRow("Gemini")
            << QByteArray("{\"systemInstruction\":{\"parts\":[{\"text\":\"a\"}]},\"contents\":[],\"tools\":"
                          "[{\"functionDeclarations\":[{\"name\":\"g\"}]}]}")
            << QStringList{u"0:=a"_s, u"6:tool g={\"name\":\"g\"}"_s};
        QTest::newRow("no JSON") << QByteArray("hello") << QStringList();
        QTest::newRow("a list") << QByteArray("[1]") << QStringList();
    }
    void readsWhatIsNoMessage()
    {
        QFETCH(QByteArray, body);
        QFETCH(QStringList, blocks);
        QStringList shown;
        for (const auto& block : requestSettings({body.data(), std::size_t(body.size())}).blocks)
            shown += QString::number(int(block.kind)) + u':' + QString::fromStdString(block.name) + u'=' +
                     QString::fromStdString(block.text);
        QCOMPARE(shown, blocks);
    }
};

LUTHIEN_TEST(tst_request_settings, TestRequestSettings)
#include "tst_request_settings.moc"
