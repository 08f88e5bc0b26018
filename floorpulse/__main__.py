from floorpulse.cli import main

main()
