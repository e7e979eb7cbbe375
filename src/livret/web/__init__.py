"""The web edition: the booklet's content as one folder of HTML that needs neither a server nor the network."""
